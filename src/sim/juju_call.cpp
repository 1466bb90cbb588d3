#include "sim/juju_call.h"

#include <fmt/format.h>

#include "base/text.h"

namespace gatehouse::sim {
namespace {

const JujuFlag* find_flag(const std::vector<JujuFlag>& flags, const std::string& name) {
  for (const JujuFlag& flag : flags) {
    if (flag.name == name) return &flag;
  }
  return nullptr;
}

struct Written {
  std::string dashes;
  std::string name;
  std::optional<std::string> value;
};

Written take_apart(const std::string& argument) {
  Written written;
  const std::size_t dashes = argument.rfind("--", 0) == 0 ? 2 : 1;
  written.dashes = argument.substr(0, dashes);
  written.name = argument.substr(dashes);
  const std::size_t equals = written.name.find('=');
  if (equals != std::string::npos) {
    written.value = written.name.substr(equals + 1);
    written.name = written.name.substr(0, equals);
  }
  return written;
}

}  // namespace

std::string JujuArguments::value(const std::string& flag) const {
  const auto found = flags.find(flag);
  return found == flags.end() || found->second.empty() ? "" : found->second.back();
}

bool JujuArguments::is_set(const std::string& flag) const {
  return has(flag) && value(flag) != "false";
}

JujuArguments parse_juju_arguments(const std::vector<std::string>& arguments,
                                   const std::vector<JujuFlag>& flags, Mixing mixing) {
  JujuArguments parsed;
  std::size_t at = 0;
  for (; at < arguments.size(); ++at) {
    const std::string& argument = arguments[at];
    if (argument == "--") {
      ++at;
      break;
    }
    if (argument.size() < 2 || argument.front() != '-') {
      parsed.rest.push_back(argument);
      if (mixing == Mixing::flags_anywhere) continue;
      ++at;
      break;
    }
    const Written written = take_apart(argument);
    const JujuFlag* flag = find_flag(flags, written.name);
    if (flag == nullptr) {
      parsed.problem =
          fmt::format("option provided but not defined: {}{}", written.dashes, written.name);
      return parsed;
    }
    const std::string& key = flag->means.empty() ? flag->name : flag->means;
    std::string value = written.value.value_or("true");
    if (flag->takes_value && !written.value) {
      if (++at >= arguments.size()) {
        parsed.problem =
            fmt::format("option needs an argument: {}{}", written.dashes, written.name);
        return parsed;
      }
      value = arguments[at];
    }
    parsed.flags[key].push_back(value);
  }
  for (; at < arguments.size(); ++at) parsed.rest.push_back(arguments[at]);
  return parsed;
}

FaceEnd JujuRun::error(const std::string& text) const {
  call.err("ERROR " + text + "\n");
  return {.exit_code = 1, .program = {}, .program_environment = {}};
}

bool is_visible_to_juju(const FaceCall& call, FileStore& files, const std::string& absolute_path) {
  const Result<std::string> home = files.canonical(call.variable("HOME"));
  const Result<std::string> path = files.canonical(absolute_path);
  if (!home || !path || *home == "/") return false;
  const std::string inside = *home + "/";
  if (path->rfind(inside, 0) != 0) return false;
  return ("/" + path->substr(inside.size())).find("/.") == std::string::npos;
}

void print_document(JujuRun& run, const json::value& document) {
  const std::string format = run.arguments.value("format");
  run.out(format == "json" ? json::serialize(document) + "\n" : to_pretty_json(document));
}

}  // namespace gatehouse::sim
