#include "clients/juju/commands.h"

#include <initializer_list>

#include <fmt/format.h>

#include "base/text.h"

namespace gatehouse::juju {

namespace {

// A hung controller must not hang us. Asking is cheap; a dry run asks the charm store once for
// every application, and a status of a large model was seen to take a minute.
constexpr Milliseconds kLocalDeadline{30'000};
constexpr Milliseconds kAskDeadline{60'000};
constexpr Milliseconds kStatusDeadline{120'000};
constexpr Milliseconds kDryRunDeadline{600'000};
// Probing all addresses of a target takes up to 20 s, connecting as long again.
constexpr Milliseconds kSshDeadline{60'000};
constexpr int kExecWaitSeconds = 60;
constexpr Milliseconds kExecDeadline{(kExecWaitSeconds + 60) * 1'000};

Command command(std::vector<std::string> argv, Milliseconds deadline) {
  Command made;
  made.argv = std::move(argv);
  made.environment = juju_environment();
  made.deadline = deadline;
  return made;
}

void append(std::vector<std::string>& argv, std::initializer_list<std::string> words) {
  argv.insert(argv.end(), words);
}

// Of a stale login the client then says so, instead of waiting for somebody at a browser. All
// commands have it, from 2.9 to 4.0, save `ssh` and `version`.
constexpr const char* kNoBrowser = "--no-browser-login";

std::vector<std::string> bundle_argv(const ModelName& model, const BundleFiles& files,
                                     std::initializer_list<std::string> flags) {
  std::vector<std::string> argv{"juju", "deploy"};
  for (const std::string& overlay : files.overlays) append(argv, {"--overlay", overlay});
  append(argv, {"-m", model.target()});
  if (!files.map_machines.empty()) append(argv, {"--map-machines", files.map_machines});
  append(argv, {kNoBrowser});
  append(argv, flags);
  argv.push_back(files.bundle);
  return argv;
}

}  // namespace

std::map<std::string, std::string> juju_environment() {
  return {{"JUJU_STATUS_ISO_TIME", "true"}, {"NO_COLOR", "1"}};
}

std::vector<std::string> add_model_argv(const NewModel& model) {
  // --no-switch: the operator's current model is not ours to change.
  std::vector<std::string> argv{"juju",     "add-model", "--no-switch",
                                kNoBrowser, "-c",        model.name.controller};
  if (!model.credential.empty()) append(argv, {"--credential", model.credential});
  argv.push_back(model.name.model);
  argv.push_back(model.region.empty() ? model.cloud : model.cloud + "/" + model.region);
  return argv;
}

std::vector<std::string> deploy_argv(const ModelName& model, const BundleFiles& files) {
  return bundle_argv(model, files, {});
}

std::vector<std::string> dry_run_argv(const ModelName& model, const BundleFiles& files) {
  return bundle_argv(model, files, {"--dry-run"});
}

Command version_command() {
  return command({"juju", "version"}, kLocalDeadline);
}

Command whoami_command(const std::string& controller) {
  Command made = command({"juju", "whoami", "--format", "json", kNoBrowser}, kLocalDeadline);
  made.environment["JUJU_CONTROLLER"] = controller;
  return made;
}

Command controllers_command() {
  return command({"juju", "controllers", "--format", "json", kNoBrowser}, kLocalDeadline);
}

Command models_command(const std::string& controller) {
  return command({"juju", "models", "-c", controller, "--format", "json", kNoBrowser},
                 kAskDeadline);
}

Command spaces_command(const ModelName& model) {
  return command({"juju", "spaces", "-m", model.target(), "--format", "json", kNoBrowser},
                 kAskDeadline);
}

Command status_command(const ModelName& model) {
  return command({"juju", "status", "-m", model.target(), "--format", "json", kNoBrowser},
                 kStatusDeadline);
}

Command dry_run_command(const ModelName& model, const BundleFiles& files) {
  return command(dry_run_argv(model, files), kDryRunDeadline);
}

Command exec_command(const ModelName& model, const MachineScript& script) {
  // "--wait 0s" would mean Juju's own default, so the bound is always explicit.
  return command(
      {"juju", script.is_for_2_9 ? "run" : "exec", "-m", model.target(), "--format", "json",
       script.is_for_2_9 ? "--timeout" : "--wait", fmt::format("{}s", kExecWaitSeconds), kNoBrowser,
       "--machine", join(script.machines, ","), "--", script.script},
      kExecDeadline);
}

Command ssh_command(const ModelName& model, const std::string& machine, const std::string& script) {
  return command({"juju", "ssh", "-m", model.target(), "--pty=false", "--no-host-key-checks",
                  machine, "--", script},
                 kSshDeadline);
}

}  // namespace gatehouse::juju
