// The lab's `juju destroy-model`: it asks for the model's name, and what the model held is free
// again. Source: Juju's cmd/juju/model/destroy.go of the main branch and its confirmation, without
// the lists of what is destroyed and the rules of --force. A real one takes minutes over the
// machines; here they are free at once.
#include <algorithm>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "base/text.h"
#include "sim/juju_call.h"

namespace gatehouse::sim {
namespace {

/// What has landed of a model, as its destruction counts it.
struct Holdings {
  std::size_t machines = 0;
  std::size_t applications = 0;
};

Holdings holdings_of(const LabModel& model) {
  Holdings held;
  if (!model.plan) return held;
  const auto landed = [&](const auto& things) {
    return static_cast<std::size_t>(
        std::count_if(things.begin(), things.end(),
                      [&](const auto& thing) { return model.landed(thing.change).has_value(); }));
  };
  held.machines = landed(model.plan->machines) + landed(model.plan->containers);
  held.applications = landed(model.plan->applications);
  return held;
}

bool is_confirmed(JujuRun& run, const std::string& model, const Holdings& held) {
  run.call.err(fmt::format(
      "WARNING This command will destroy the \"{}\" model and all its resources. It cannot be "
      "stopped.\n",
      model));
  if (held.machines > 0) {
    run.call.err(
        fmt::format(" - {} machine{} will be destroyed\n - {} application{} will be "
                    "removed\n",
                    held.machines, held.machines == 1 ? "" : "s", held.applications,
                    held.applications == 1 ? "" : "s"));
  }
  run.call.err("\n\nTo continue, enter the name of the model to be destroyed: ");
  return run.call.answer() == model;
}

void say_what_is_waited_for(JujuRun& run, const Holdings& held) {
  std::string words = "Destroying model\nWaiting for model to be removed";
  if (held.machines > 0) words += fmt::format(", {} machine(s)", held.machines);
  if (held.applications > 0) words += fmt::format(", {} application(s)", held.applications);
  run.call.err(words + "...\nModel destroyed.\n");
}

void forget_as_current(JujuRun& run, const std::string& model) {
  const std::string file = run.lab.paths.current_model();
  const Result<std::string> current = run.effects.files.read(file, 4096);
  if (current && trim(*current) == model) (void)run.effects.files.remove(file);
}

FaceEnd run_destroy_model(JujuRun& run) {
  const auto usage = [&](const std::string& text) {
    run.error(text);
    return FaceEnd{2, {}, {}};
  };
  if (run.arguments.rest.empty()) return usage("no model specified");
  if (run.arguments.rest.size() > 1) {
    return usage(fmt::format("unrecognized args: [\"{}\"]", printable(run.arguments.rest[1])));
  }
  run.arguments.flags["model"] = {run.arguments.rest.front()};
  if (!reach_controller(run)) return {1, {}, {}};
  const std::string name = chosen_model_name(run);
  if (name == "controller") {
    return run.error("\"controller\" is a controller; use 'juju destroy-controller' to destroy it");
  }
  const std::optional<LabModel> model = chosen_model(run);
  if (!model) return {1, {}, {}};
  const Holdings held = holdings_of(*model);
  if (!run.arguments.is_set("no-prompt") && !is_confirmed(run, name, held)) {
    return run.error("model destruction: aborted");
  }
  const Result<void> removed = remove_model(run.lab.paths, name, run.effects.files);
  if (!removed) return run.error("LAB: " + to_string(removed.error()));
  forget_as_current(run, name);
  say_what_is_waited_for(run, held);
  return {};
}

}  // namespace

JujuCommand juju_destroy_command() {
  // The model is an argument here, so what reaches its controller can only be told afterwards.
  return {"destroy-model",
          {{"no-prompt", false, ""},
           {"destroy-storage", false, ""},
           {"release-storage", false, ""},
           {"force", false, ""},
           {"no-wait", false, ""},
           {"t", true, "timeout"},
           {"timeout", true, ""}},
          Mixing::flags_anywhere,
          false,
          run_destroy_model};
}

}  // namespace gatehouse::sim
