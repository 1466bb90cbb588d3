// The lab's `juju`: which commands there are and what the client answers without a controller.
// Source: Juju 3.6.28 and notes juju-formats sections 1.3 to 1.9.
#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "sim/chance.h"
#include "sim/juju_call.h"
#include "sim/scripts.h"

namespace gatehouse::sim {
namespace {

const std::vector<JujuFlag>& common_flags() {
  static const std::vector<JujuFlag> kFlags = {
      {"debug", false, ""},    {"quiet", false, ""},    {"q", false, "quiet"},
      {"verbose", false, ""},  {"v", false, "verbose"}, {"logging-config", true, ""},
      {"show-log", false, ""}, {"no-color", false, ""}, {"color", false, ""},
      {"h", false, "help"},    {"help", false, ""},     {"no-browser-login", false, "B"},
      {"B", false, ""},
  };
  return kFlags;
}

const std::vector<JujuFlag> kFormat = {
    {"format", true, ""}, {"o", true, "output"}, {"output", true, ""}};

std::vector<JujuFlag> with_format(std::vector<JujuFlag> flags) {
  flags.insert(flags.end(), kFormat.begin(), kFormat.end());
  return flags;
}

FaceEnd run_version(JujuRun& run) {
  const std::string version = ScriptBook().agent_version();
  if (run.arguments.is_set("all")) {
    print_document(run, json::object{{"version", version + "-genericlinux-amd64"},
                                     {"git-commit", "lab"},
                                     {"git-tree-state", "clean"},
                                     {"compiler", "gc"},
                                     {"official", false},
                                     {"go-build-tags", ""}});
    return {};
  }
  const std::string text = version + "-genericlinux-amd64";
  run.out(run.arguments.value("format") == "json" ? "\"" + text + "\"\n" : text + "\n");
  return {};
}

std::string controller_uuid(const OpenLab& lab) {
  return chance_uuid(lab.world.settings.seed, "controller " + lab.world.site.juju.controller);
}

FaceEnd run_whoami(JujuRun& run) {
  json::object answer{{"controller", run.lab.world.site.juju.controller}};
  const std::string model = chosen_model_name(run);
  if (!model.empty()) answer["model"] = model;
  answer["user"] = "admin";
  if (run.arguments.value("format") == "json") {
    print_document(run, answer);
  } else {
    run.out(fmt::format("Controller:  {}\nModel:       {}\nUser:        admin\n",
                        run.lab.world.site.juju.controller,
                        model.empty() ? "<no-current-model>" : model));
  }
  return {};
}

json::object controller_entry(JujuRun& run) {
  const Site& site = run.lab.world.site;
  json::object entry;
  const std::string model = chosen_model_name(run);
  if (!model.empty()) entry["current-model"] = model;
  entry["user"] = "admin";
  entry["access"] = "superuser";
  entry["recent-server"] = "127.0.0.1:17070";
  entry["uuid"] = controller_uuid(run.lab);
  entry["api-endpoints"] = json::array{"127.0.0.1:17070"};
  entry["ca-cert"] = "";
  entry["cloud"] = site.juju.cloud;
  if (!site.juju.region.empty()) entry["region"] = site.juju.region;
  entry["agent-version"] = ScriptBook().agent_version();
  entry["model-count"] = 1;
  entry["machine-count"] = 1;
  entry["controller-machines"] = json::object{{"Active", 1}, {"Total", 1}};
  return entry;
}

FaceEnd run_controllers(JujuRun& run) {
  if (run.arguments.is_set("refresh") && !reach_controller(run)) return {1, {}, {}};
  const bool is_unlisted = run.lab.world.faults.juju.is_controller_unlisted;
  const std::string name = run.lab.world.site.juju.controller + (is_unlisted ? "-former" : "");
  json::object controllers;
  controllers[name] = controller_entry(run);
  print_document(
      run, json::object{{"controllers", std::move(controllers)}, {"current-controller", name}});
  return {};
}

FaceEnd run_show_controller(JujuRun& run) {
  const Site& site = run.lab.world.site;
  json::object details{{"controller-uuid", controller_uuid(run.lab)},
                       {"api-endpoints", json::array{"127.0.0.1:17070"}},
                       {"cloud", site.juju.cloud},
                       {"region", site.juju.region},
                       {"agent-version", ScriptBook().agent_version()}};
  json::object entry{{"details", std::move(details)},
                     {"account", json::object{{"user", "admin"}, {"access", "superuser"}}}};
  json::object answer;
  answer[site.juju.controller] = std::move(entry);
  print_document(run, answer);
  return {};
}

std::vector<JujuCommand> client_commands() {
  const std::vector<JujuFlag> controller = {{"c", true, "controller"}, {"controller", true, ""}};
  std::vector<JujuFlag> controllers = with_format({{"refresh", false, ""}, {"managed", false, ""}});
  return {
      {"version", with_format({{"all", false, ""}}), Mixing::flags_anywhere, false, run_version},
      {"whoami", with_format({}), Mixing::flags_anywhere, false, run_whoami},
      {"controllers", controllers, Mixing::flags_anywhere, false, run_controllers},
      {"list-controllers", controllers, Mixing::flags_anywhere, false, run_controllers},
      {"show-controller", with_format({{"show-password", false, ""}}), Mixing::flags_anywhere, true,
       run_show_controller},
  };
}

std::vector<JujuCommand> all_commands() {
  std::vector<JujuCommand> commands = client_commands();
  for (auto part : {juju_model_commands(), std::vector<JujuCommand>{juju_destroy_command()},
                    juju_deploy_commands(), juju_remote_commands()}) {
    for (JujuCommand& command : part) commands.push_back(std::move(command));
  }
  return commands;
}

FaceEnd usage_error(const FaceCall& call, const std::string& text) {
  constexpr int kUsage = 2;
  call.err("ERROR " + text + "\n");
  return {kUsage, {}, {}};
}

}  // namespace

std::string chosen_model_name(JujuRun& run) {
  std::string name = run.arguments.value("model");
  if (name.empty()) name = run.call.variable("JUJU_MODEL");
  if (name.empty()) {
    const Result<std::string> current = run.effects.files.read(run.lab.paths.current_model(), 4096);
    if (current) name = std::string(trim(*current));
  }
  const std::size_t colon = name.find(':');
  if (colon != std::string::npos) name = name.substr(colon + 1);
  const std::size_t slash = name.find('/');
  return slash == std::string::npos ? name : name.substr(slash + 1);
}

std::optional<LabModel> chosen_model(JujuRun& run) {
  const std::string name = chosen_model_name(run);
  if (name.empty()) {
    run.error(
        "No model in focus.\n\nPlease use \"juju models\" to see models available to you.\n"
        "You can set current model by running \"juju switch\"\nor specify any other model on "
        "the command line using the \"-m\" option.");
    return std::nullopt;
  }
  auto model = read_model(run.lab.paths, name, run.effects.files);
  if (!model) {
    run.error("LAB: " + to_string(model.error()));
    return std::nullopt;
  }
  if (!*model) {
    run.error(fmt::format("model {}:admin/{} not found", run.lab.world.site.juju.controller, name));
  }
  return std::move(*model);
}

bool reach_controller(JujuRun& run) {
  const std::string& ours = run.lab.world.site.juju.controller;
  std::string wanted = run.arguments.value("controller");
  const std::string model = run.arguments.value("model");
  if (wanted.empty() && model.find(':') != std::string::npos) {
    wanted = model.substr(0, model.find(':'));
  }
  if (wanted.empty()) wanted = run.call.variable("JUJU_CONTROLLER");
  if (!wanted.empty() && wanted != ours) {
    run.error(fmt::format("controller {} not found", wanted));
    return false;
  }
  const JujuFaults& faults = run.lab.world.faults.juju;
  if (faults.is_login_stale) {
    run.error(
        "cannot get discharge from \"https://127.0.0.1:17070/auth\": cannot start interactive "
        "session: interaction required but not possible");
    return false;
  }
  if (!faults.is_controller_unreachable) return true;
  run.error("unable to connect to API: dial tcp 127.0.0.1:17070: connect: connection refused");
  return false;
}

FaceEnd juju_face(const OpenLab& lab, const FaceCall& call, Effects& effects) {
  std::vector<std::string> arguments = call.arguments;
  if (!arguments.empty() && arguments.front() == "--version") arguments.front() = "version";
  if (arguments.empty()) return usage_error(call, "no command given; the LAB's juju has no help");
  const std::vector<JujuCommand> commands = all_commands();
  const auto command = std::find_if(commands.begin(), commands.end(), [&](const JujuCommand& one) {
    return one.name == arguments.front();
  });
  if (command == commands.end()) {
    return usage_error(call, fmt::format("\"{}\" is not a juju command. See \"juju --help\".",
                                         printable(arguments.front())));
  }
  std::vector<JujuFlag> flags = common_flags();
  flags.insert(flags.end(), command->flags.begin(), command->flags.end());
  arguments.erase(arguments.begin());
  JujuRun run{lab, call, effects, parse_juju_arguments(arguments, flags, command->mixing)};
  if (!run.arguments.problem.empty()) return usage_error(call, run.arguments.problem);
  if (lab.world.faults.juju.is_store_locked && command->name != "version") {
    return run.error(
        "cannot acquire lock file /tmp/juju-store-lock-3635383939333230, "
        "permission denied");
  }
  if (command->needs_controller && !reach_controller(run)) {
    // A failed command with --format json still prints a document: notes juju-formats, trap 2.
    if (run.arguments.value("format") == "json") run.out("{}\n");
    return {1, {}, {}};
  }
  return command->run(run);
}

}  // namespace gatehouse::sim
