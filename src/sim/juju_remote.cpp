// The lab's `juju ssh` and `juju exec`. Machines are real only as far as a shell goes: the words
// run in /bin/sh with the lab's own programs first in its PATH. Source: notes juju-formats 1.4
// and 1.5.
#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "sim/juju_call.h"
#include "sim/status.h"
#include "sim/unit_disks.h"

namespace gatehouse::sim {
namespace {

constexpr std::size_t kTargetsMax = 4096;

/// The machine of a unit, else the target itself; without "user@".
std::string place_of_target(const LabModel& model, std::string target) {
  const std::size_t at = target.find('@');
  if (at != std::string::npos) target = target.substr(at + 1);
  if (!model.plan) return target;
  for (const LabUnit& unit : model.plan->units) {
    if (unit.name == target) return unit.machine;
  }
  return target;
}

bool is_known_place(const LabModel& model, const std::string& place) {
  if (!model.plan) return false;
  if (const LabContainer* container = model.plan->container(place)) {
    return model.landed(container->change).has_value();
  }
  const LabModelMachine* machine = model.plan->machine(place);
  return machine != nullptr && model.landed(machine->change).has_value();
}

/// What OpenSSH says to a flag of juju's that follows the target; "" where the words are a command.
std::string openssh_complaint(const std::vector<std::string>& words) {
  if (words.empty() || words.front().empty() || words.front().front() != '-') return "";
  if (words.front() == "-m" && words.size() > 1) {
    return fmt::format("Unknown mac type '{}'\n", printable(words[1]));
  }
  return fmt::format("unknown option -- {}\n", printable(words.front().substr(1)));
}

FaceEnd run_ssh(JujuRun& run) {
  constexpr int kOpenSsh = 255;
  std::vector<std::string> words = run.arguments.rest;
  if (words.empty()) return run.error("no target name specified");
  const std::optional<LabModel> model = chosen_model(run);
  if (!model) return {1, {}, {}};
  const std::string target = words.front();
  const std::string place = place_of_target(*model, target);
  words.erase(words.begin());
  if (!is_known_place(*model, place)) {
    return run.error(fmt::format("machine {} not found", printable(place)));
  }
  const bool is_checked = !run.arguments.is_set("no-host-key-checks");
  const bool answers = is_checked ? is_started(run.lab.world, *model, place, run.now())
                                  : is_running(run.lab.world, *model, place, run.now());
  if (!answers && !is_checked) {
    run.call.err(
        fmt::format("ssh: connect to host {} port 22: Connection refused\r\n", printable(target)));
    return {kOpenSsh, {}, {}};
  }
  if (!answers) {
    return run.error(
        fmt::format("retrieving SSH host keys for \"{}\": keys not found", printable(target)));
  }
  if (!words.empty() && words.front() == "--") {
    words.erase(words.begin());
  } else if (const std::string complaint = openssh_complaint(words); !complaint.empty()) {
    run.call.err(complaint);
    return {kOpenSsh, {}, {}};
  }
  if (words.empty()) return run.error("LAB: a machine of the lab has no terminal; give a command");
  return shell_on(run.lab, run.call, join(words, " "), place, model->name);
}

struct Target {
  std::string id;  ///< as asked: "0", "0/lxd/1", "vault/0"
  std::string place;
  bool is_unit = false;
};

void add_list(const std::string& list, const LabModel& model, bool is_unit,
              std::vector<Target>& targets) {
  for (const std::string& id : split(list, ',')) {
    if (id.empty() || targets.size() >= kTargetsMax) continue;
    targets.push_back({id, place_of_target(model, id), is_unit});
  }
}

std::vector<Target> targets_of(const JujuRun& run, const LabModel& model) {
  std::vector<Target> targets;
  const auto each = [&](const char* flag, bool is_unit) {
    const auto found = run.arguments.flags.find(flag);
    if (found == run.arguments.flags.end()) return;
    for (const std::string& list : found->second) add_list(list, model, is_unit, targets);
  };
  each("machine", false);
  each("unit", true);
  if (!model.plan) return targets;
  if (run.arguments.is_set("all")) {
    for (const LabModelMachine& machine : model.plan->machines) {
      targets.push_back({machine.number, machine.number, false});
    }
    for (const LabContainer& container : model.plan->containers) {
      targets.push_back({container.id, container.id, false});
    }
  }
  const std::vector<std::string> applications = split(run.arguments.value("application"), ',');
  for (const LabUnit& unit : model.plan->units) {
    if (std::find(applications.begin(), applications.end(), unit.application) !=
        applications.end()) {
      targets.push_back({unit.name, unit.machine, true});
    }
  }
  return targets;
}

Command command_for(const JujuRun& run, const Target& target, const LabModel& model,
                    const std::string& words) {
  const UnitDisk disk(run.lab.paths, model.name, target.place);
  const FaceEnd shell = shell_on(run.lab, run.call, disk.to_lab(words), target.place, model.name);
  return {.argv = shell.program,
          .directory = "",
          .input = "",
          .environment = shell.program_environment,
          .deadline = std::chrono::minutes(5),
          .output_bytes_max = std::size_t{1} << 20};
}

std::string action_time(Moment moment) {
  std::string text = status_time(moment, TimeForm::iso);
  text.pop_back();
  return text + " +0000 UTC";
}

json::object task_object(const Target& target, std::size_t number, const ProcessResult& result,
                         Moment now) {
  json::object results{{"return-code", result.exit_code}};
  if (!result.out.empty()) results["stdout"] = result.out;
  if (!result.err.empty()) results["stderr"] = result.err;
  return {{"id", std::to_string(number)},
          {target.is_unit ? "unit" : "machine", target.id},
          {"results", std::move(results)},
          {"status", "completed"},
          {"timing", json::object{{"enqueued", action_time(now)},
                                  {"started", action_time(now)},
                                  {"completed", action_time(now)}}}};
}

void print_tasks(JujuRun& run, const json::object& tasks) {
  if (run.arguments.value("format") == "json") {
    print_document(run, tasks);
    return;
  }
  if (tasks.size() != 1) {
    run.out(to_pretty_json(tasks));
    return;
  }
  const json::value& results = tasks.begin()->value().as_object().at("results");
  run.out(string_or_empty(results, "stdout"));
  run.call.err(string_or_empty(results, "stderr"));
}

/// What the client says at the end, and its exit code.
FaceEnd conclude_tasks(JujuRun& run, const std::vector<std::string>& failed,
                       const std::vector<std::string>& silent) {
  if (!silent.empty()) {
    return run.error("timed out waiting for results from: " + join(silent, ", "));
  }
  if (failed.empty()) return {};
  return run.error(fmt::format(
      "the following task{} failed:\n{}\n\nuse 'juju show-task' to inspect "
      "the failure{}",
      failed.size() == 1 ? "" : "s", join(failed, "\n"), failed.size() == 1 ? "" : "s"));
}

/// A machine whose agent has not started keeps the real client waiting; the lab answers at once
/// what it would say at the end of that wait.
FaceEnd run_exec(JujuRun& run) {
  const std::optional<LabModel> model = chosen_model(run);
  if (!model) return {1, {}, {}};
  if (run.arguments.rest.empty()) {
    run.call.err("ERROR no commands specified\n");
    return {2, {}, {}};
  }
  const std::vector<Target> targets = targets_of(run, *model);
  if (targets.empty()) {
    run.call.err(
        "ERROR You must specify a target, either through --all, --machine, --application "
        "or --unit\n");
    return {2, {}, {}};
  }
  const std::string words = command_line_of(run.arguments.rest);
  std::vector<Target> ready;
  std::vector<std::string> silent;
  for (const Target& target : targets) {
    if (!is_known_place(*model, target.place)) {
      return run.error(fmt::format("machine {} not found", printable(target.place)));
    }
    const bool answers = is_started(run.lab.world, *model, target.place, run.now());
    if (answers) ready.push_back(target);
    if (!answers) silent.push_back((target.is_unit ? "unit " : "machine ") + target.id);
  }
  std::vector<Command> commands;
  for (const Target& target : ready) commands.push_back(command_for(run, target, *model, words));
  auto results = run.effects.processes.run(commands, 8);
  json::object tasks;
  std::vector<std::string> failed;
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (!results[i]) return run.error("LAB: " + to_string(results[i].error()));
    const std::size_t number = 2 * i + 2;
    const UnitDisk disk(run.lab.paths, model->name, ready[i].place);
    results[i]->out = disk.from_lab(results[i]->out);
    results[i]->err = disk.from_lab(results[i]->err);
    tasks[ready[i].id] = task_object(ready[i], number, *results[i], run.now());
    if (results[i]->exit_code != 0) {
      failed.push_back(
          fmt::format(" - id \"{}\" with return code {}", number, results[i]->exit_code));
    }
  }
  print_tasks(run, silent.empty() ? tasks : json::object());
  return conclude_tasks(run, failed, silent);
}

}  // namespace

std::vector<JujuCommand> juju_remote_commands() {
  const std::vector<JujuFlag> ssh = {
      {"m", true, "model"},  {"model", true, ""},     {"pty", false, ""},
      {"proxy", false, ""},  {"container", true, ""}, {"no-host-key-checks", false, ""},
      {"remote", false, ""},
  };
  const std::vector<JujuFlag> exec = {
      {"m", true, "model"},       {"model", true, ""},          {"format", true, ""},
      {"o", true, "output"},      {"output", true, ""},         {"machine", true, ""},
      {"unit", true, ""},         {"u", true, "unit"},          {"application", true, ""},
      {"a", true, "application"}, {"app", true, "application"}, {"all", false, ""},
      {"wait", true, ""},         {"parallel", false, ""},      {"execution-group", true, ""},
      {"operator", false, ""},    {"background", false, ""},    {"utc", false, ""},
  };
  return {
      {"ssh", ssh, Mixing::flags_before_target, true, run_ssh},
      {"exec", exec, Mixing::flags_before_target, true, run_exec},
  };
}

}  // namespace gatehouse::sim
