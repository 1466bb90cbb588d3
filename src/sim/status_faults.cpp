#include "sim/status_faults.h"

#include <algorithm>

namespace gatehouse::sim {

namespace {

using std::chrono::minutes;

json::object* object_of(json::object& parent, std::string_view key) {
  json::value* value = parent.if_contains(key);
  return value ? value->if_object() : nullptr;
}

/// Calls it with every unit, subordinates too.
template <class Each>
void each_unit(json::object& units, const Each& each) {
  for (auto& member : units) {
    json::object* unit = member.value().if_object();
    if (!unit) continue;
    each(std::string(member.key()), *unit);
    if (json::object* subordinates = object_of(*unit, "subordinates")) {
      each_unit(*subordinates, each);
    }
  }
}

template <class Each>
void each_unit_of(json::object& status, const Each& each) {
  json::object* applications = object_of(status, "applications");
  if (!applications) return;
  for (auto& member : *applications) {
    json::object* application = member.value().if_object();
    if (!application) continue;
    if (json::object* units = object_of(*application, "units")) each_unit(*units, each);
  }
}

/// The principal unit in the middle of the plan, and when its machine or container had started.
struct Victim {
  std::string unit;
  std::optional<Moment> started;
};

Victim victim_of(const LabWorld& world, const LabModel& model) {
  std::vector<const LabUnit*> principals;
  for (const LabUnit& unit : model.plan->units) {
    if (unit.principal.empty()) principals.push_back(&unit);
  }
  if (principals.empty()) return {};
  const LabUnit& unit = *principals[principals.size() / 2];
  return {.unit = unit.name, .started = Timeline(world, model).place(unit.machine).started};
}

constexpr minutes kForGood(100'000);

bool is_within(Moment now, std::optional<Moment> from, minutes begin, minutes end) {
  return from && now >= *from + begin && now < *from + end;
}

void show(json::object& unit, const char* workload, const std::string& message) {
  json::object& state = unit["workload-status"].as_object();
  state["current"] = workload;
  if (message.empty()) {
    state.erase("message");
  } else {
    state["message"] = message;
  }
}

void show_agent(json::object& holder, const char* state, const char* message) {
  json::object& agent = holder["juju-status"].as_object();
  agent["current"] = state;
  agent["message"] = message;
  if (std::string_view(message).empty()) agent.erase("message");
}

// A unit's own lost agent leaves its application's status as it was (juju/juju 19825).
void spoil_unit(StatusFault fault, const Victim& victim, Moment now, json::object& unit) {
  if (fault == StatusFault::install_hook_heals &&
      is_within(now, victim.started, minutes(2), minutes(6))) {
    show(unit, "error", "hook failed: \"install\"");
    show_agent(unit, "idle", "");
  }
  if (fault == StatusFault::ready_then_blocked &&
      is_within(now, victim.started, minutes(50), kForGood)) {
    show(unit, "blocked", "Missing relation: monitor");
  }
  if (fault == StatusFault::agent_lost && is_within(now, victim.started, minutes(15), kForGood)) {
    show(unit, "unknown", "agent lost, see 'juju show-status-log " + victim.unit + "'");
    show_agent(unit, "lost", "agent is not communicating with the server");
  }
  // Back and forth for an hour, slower than anybody looks, and then it stays away.
  const bool is_away = victim.started && ((now - *victim.started) / minutes(4) % 2 == 0 ||
                                          now - *victim.started > minutes(80));
  if (fault == StatusFault::unit_flaps && is_away &&
      is_within(now, victim.started, minutes(20), kForGood)) {
    show(unit, "maintenance", "");
    show_agent(unit, "executing", "running config-changed hook");
  }
}

void spoil_machine(StatusFault fault, const MachineTimes& times, Moment now,
                   json::object& machine) {
  if (fault == StatusFault::machine_status_is_an_error &&
      is_within(now, times.landed, minutes(1), minutes(6))) {
    machine["machine-status"] = json::object{{"status-error", "instance 0 not found"}};
  }
  if (fault == StatusFault::machine_is_dying) {
    machine["juju-status"].as_object()["life"] = "dying";
  }
  if (fault == StatusFault::machine_down_for_a_while &&
      is_within(now, times.started, minutes(10), minutes(16))) {
    show_agent(machine, "down", "agent is not communicating with the server");
  }
  if (fault == StatusFault::instance_state_is_stale &&
      is_within(now, times.started, minutes(0), minutes(15))) {
    json::object& state = machine["machine-status"].as_object();
    state["current"] = "allocating";
    state["message"] = "Deploying: Configuring OS";
  }
}

void list_late(const LabModel& model, Moment now, json::object& status) {
  const auto landed = model.plan->applications.empty()
                          ? std::nullopt
                          : model.landed(model.plan->applications.front().change);
  if (!is_within(now, landed, minutes(0), minutes(10))) return;
  for (auto& member : status["applications"].as_object()) member.value().as_object().erase("units");
}

}  // namespace

void spoil_status(const LabWorld& world, const LabModel& model, Moment now, json::object& status) {
  const StatusFault fault = world.faults.juju.status;
  if (fault == StatusFault::none || !model.plan || model.plan->machines.empty()) return;
  if (fault == StatusFault::units_listed_late) list_late(model, now, status);
  const Victim victim = victim_of(world, model);
  each_unit_of(status, [&](const std::string& name, json::object& unit) {
    if (fault == StatusFault::subordinates_are_missing) unit.erase("subordinates");
    if (fault == StatusFault::since_is_missing) unit["juju-status"].as_object().erase("since");
    if (name == victim.unit) spoil_unit(fault, victim, now, unit);
  });
  const std::string& number = model.plan->machines.front().number;
  json::object* machine = object_of(status["machines"].as_object(), number);
  if (machine) spoil_machine(fault, Timeline(world, model).place(number), now, *machine);
}

bool is_controller_away(const LabWorld& world, const LabModel& model, Moment now) {
  const StatusFault fault = world.faults.juju.status;
  const bool is_gone = fault == StatusFault::controller_gone;
  const bool is_busy = fault == StatusFault::controller_busy;
  if (!is_gone && !is_busy && fault != StatusFault::controller_away) return false;
  if (!model.plan || model.plan->machines.empty()) return false;
  const std::string& number = model.plan->machines.front().number;
  const auto landed = Timeline(world, model).place(number).landed;
  if (is_busy) return is_within(now, landed, minutes(0), minutes(12));
  return is_within(now, landed, minutes(30), is_gone ? kForGood : minutes(50));
}

}  // namespace gatehouse::sim
