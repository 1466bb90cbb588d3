#include "phases/watch.h"

namespace gatehouse {

extern const Gate machines_started_gate;
extern const Gate names_resolve_gate;
extern const Gate never_messages_gate;
extern const Gate no_unit_error_gate;
extern const Gate unit_states_gate;

namespace {

constexpr const Gate* kHold[] = {&no_unit_error_gate, &unit_states_gate, &machines_started_gate};
constexpr const Gate* kAbort[] = {&never_messages_gate, &no_unit_error_gate};
constexpr const Gate* kLatch[] = {&names_resolve_gate};

const Step kSteps[] = {
    {.id = "watch",
     .title = "Watch the model until it settles or cannot",
     .source = "exit gate",
     .settle = StepSettle{.hold = kHold, .abort = kAbort, .latch = kLatch}},
};

}  // namespace

const Phase watch_phase{
    .id = "watch", .title = "Watch a model", .steps = kSteps, .go_on = "gatehouse watch"};

Inputs undeclared_inputs(const std::string& controller, const std::string& model) {
  using std::chrono::hours;
  using std::chrono::minutes;
  Inputs inputs;
  inputs.site.name = model;
  inputs.site.juju.controller = controller;
  inputs.site.juju.model = model;
  inputs.site.settled.deadline = hours(3);
  inputs.site.settled.dwell = minutes(6);
  inputs.site.settled.error_grace = minutes(10);
  inputs.site.settled.otherwise.workload = "active";
  inputs.site.settled.otherwise.agent = "idle";
  return inputs;
}

Plan plan_of_model(const ModelStatus& status) {
  Plan plan;
  for (const auto& [name, application] : status.applications) {
    plan.applications.push_back({.name = name,
                                 .charm = application.charm,
                                 .channel = application.channel,
                                 .base = application.base});
  }
  for (const auto& [id, machine] : status.machines) {
    if (machine.is_container()) {
      plan.containers.push_back({.id = id, .type = "", .machine = id.substr(0, id.find('/'))});
    } else {
      plan.machines.push_back({.number = id, .bundle_id = "", .constraints = ""});
    }
  }
  for (const auto& [name, unit] : status.units) {
    // How many units a subordinate has follows from its principals.
    if (!unit.principal.empty()) continue;
    plan.units.push_back({.name = name, .application = unit.application, .machine = unit.machine});
  }
  plan.counts.applications = plan.applications.size();
  plan.counts.units = plan.units.size();
  plan.counts.machines = plan.machines.size();
  plan.counts.containers = plan.containers.size();
  return plan;
}

}  // namespace gatehouse
