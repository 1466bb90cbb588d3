#include "sim/scripts.h"

#include <cstdlib>

#include "base/text.h"
#include "sim/embedded.h"

namespace gatehouse::sim {
namespace {

MinuteRange minutes_from(const json::value& value) {
  constexpr double kMillisecondsInMinute = 60'000;
  if (!value.is_array() || value.get_array().size() != 2) return {};
  const auto milliseconds = [](const json::value& minutes) {
    json::error_code error;
    const double number = minutes.to_number<double>(error);
    return Milliseconds(error ? 0 : static_cast<std::int64_t>(number * kMillisecondsInMinute));
  };
  return {milliseconds(value.get_array()[0]), milliseconds(value.get_array()[1])};
}

ScriptStage stage_from(const json::value& value) {
  const json::value* minutes = find(value, "minutes");
  return {.length = minutes == nullptr ? MinuteRange{} : minutes_from(*minutes),
          .workload = string_or_empty(value, "workload"),
          .message = string_or_empty(value, "message"),
          .agent = string_or_empty(value, "agent"),
          .agent_message = string_or_empty(value, "agent_message")};
}

/// The charm's own entry, else that of the group it is like, else the default.
const json::value* entry_for(const json::value& scripts, const std::string& charm) {
  const json::value* charms = find(scripts, "charms");
  const json::value* entry = charms == nullptr ? nullptr : find(*charms, charm);
  if (entry == nullptr) return find(scripts, "default");
  const std::string like = string_or_empty(*entry, "like");
  if (like.empty()) return entry;
  const json::value* groups = find(scripts, "groups");
  return groups == nullptr ? nullptr : find(*groups, like);
}

bool holds_any(const json::array& names, const std::set<std::string>& among) {
  for (const json::value& name : names) {
    if (name.is_string() && among.contains(std::string(name.get_string()))) return true;
  }
  return false;
}

/// What the model decides; leadership does not count here.
bool can_hold(const json::value& end, const BundleApplication& application,
              const std::set<std::string>& related) {
  const json::value* when = find(end, "when");
  if (when == nullptr) return true;
  if (const json::array* endpoints = find_array(*when, "related")) {
    if (!holds_any(*endpoints, related)) return false;
  }
  if (const json::array* options = find_array(*when, "option_absent")) {
    for (const json::value& option : *options) {
      if (!option.is_string()) continue;
      const auto found = application.options.find(std::string(option.get_string()));
      if (found == application.options.end() || found->second.text.empty()) return true;
    }
    return false;
  }
  return true;
}

std::string prefix_for(const json::value& scripts, const BundleApplication& application) {
  const json::value* prefix = find(scripts, "prefix");
  if (prefix == nullptr) return "";
  const auto option = application.options.find(string_or_empty(*prefix, "option"));
  if (option == application.options.end() || option->second.text != "true") return "";
  const bool has_resource = application.resources.contains(string_or_empty(*prefix, "resource"));
  return string_or_empty(*prefix, has_resource ? "with_resource" : "without_resource");
}

/// Puts the values of options in; only those that a script names ever leave the bundle.
std::string filled(std::string message, const BundleApplication& application) {
  constexpr std::string_view kBegin = "{option:";
  for (std::size_t at = message.find(kBegin); at != std::string::npos; at = message.find(kBegin)) {
    const std::size_t end = message.find('}', at);
    if (end == std::string::npos) break;
    const std::string name = message.substr(at + kBegin.size(), end - at - kBegin.size());
    const auto option = application.options.find(name);
    const std::string value = option == application.options.end() ? "3" : option->second.text;
    message.replace(at, end + 1 - at, value);
  }
  return message;
}

}  // namespace

const ScriptEnd& Script::end_for(bool is_leader) const {
  static const ScriptEnd kReady{std::nullopt, "active", "Unit is ready"};
  for (const ScriptEnd& end : ends) {
    if (!end.is_leader || *end.is_leader == is_leader) return end;
  }
  return kReady;
}

Script script_from(const json::object& object) {
  const json::value value(object);
  Script script;
  if (const json::array* stages = find_array(value, "stages")) {
    for (const json::value& stage : *stages) script.stages.push_back(stage_from(stage));
  }
  if (const json::array* ends = find_array(value, "final")) {
    for (const json::value& end : *ends) {
      script.ends.push_back({.is_leader = find_bool(end, "leader"),
                             .workload = string_or_empty(end, "workload"),
                             .message = string_or_empty(end, "message")});
    }
  }
  script.version = string_or_empty(value, "version");
  if (const json::array* ports = find_array(value, "open-ports")) {
    for (const json::value& port : *ports) {
      if (port.is_string()) script.open_ports.emplace_back(port.get_string());
    }
  }
  return script;
}

ScriptBook::ScriptBook() : scripts_(bring_up_scripts()) {}

json::object ScriptBook::script_for(const BundleApplication& application,
                                    const std::set<std::string>& related_endpoints) const {
  const json::value* entry = entry_for(scripts_, application.charm_name());
  if (entry == nullptr) std::abort();  // bring-up.json lacks its default
  const std::string prefix = prefix_for(scripts_, application);
  json::object script;
  json::array stages;
  if (const json::array* written = find_array(*entry, "stages")) {
    for (const json::value& stage : *written) {
      json::object copy = stage.as_object();
      copy["message"] = filled(string_or_empty(stage, "message"), application);
      stages.push_back(std::move(copy));
    }
  }
  json::array ends;
  if (const json::array* written = find_array(*entry, "final")) {
    for (const json::value& end : *written) {
      if (!can_hold(end, application, related_endpoints)) continue;
      json::object copy;
      if (const json::value* when = find(end, "when")) {
        if (const auto leader = find_bool(*when, "leader")) copy["leader"] = *leader;
      }
      copy["workload"] = string_or_empty(end, "workload");
      const std::string message = filled(string_or_empty(end, "message"), application);
      copy["message"] = message.empty() ? message : prefix + message;
      ends.push_back(std::move(copy));
    }
  }
  script["stages"] = std::move(stages);
  script["final"] = std::move(ends);
  script["version"] = string_or_empty(*entry, "version");
  if (const json::array* ports = find_array(*entry, "open-ports")) script["open-ports"] = *ports;
  return script;
}

std::vector<ScriptStage> ScriptBook::unit_stages() const {
  std::vector<ScriptStage> stages;
  if (const json::array* written = find_array(scripts_, "unit")) {
    for (const json::value& stage : *written) stages.push_back(stage_from(stage));
  }
  return stages;
}

std::string ScriptBook::agent_version() const {
  return string_or_empty(scripts_, "agent_version");
}

MinuteRange ScriptBook::range_of(const char* section, const char* key) const {
  const json::value* entries = find(scripts_, section);
  const json::value* range = entries == nullptr ? nullptr : find(*entries, key);
  return range == nullptr ? MinuteRange{} : minutes_from(*range);
}

}  // namespace gatehouse::sim
