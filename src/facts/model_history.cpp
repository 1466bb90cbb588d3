#include "facts/model_status.h"

#include <iterator>

namespace gatehouse {

namespace {

bool is_in_error(const UnitLook& look) {
  return look.workload == "error" || look.agent == "failed";
}

// Which hook runs is worth keeping, but the next hook is no change of state.
bool is_changed(const UnitLook& a, const UnitLook& b) {
  return a.workload != b.workload || a.message != b.message || a.agent != b.agent ||
         a.is_leader != b.is_leader;
}

// The provider's view may lag by many minutes, and its words change while nothing does.
bool is_changed(const MachineLook& a, const MachineLook& b) {
  return a.state != b.state || a.life != b.life || a.modification != b.modification;
}

// Juju's agent says "running install hook" while it tries again; any other hook means that the
// failed one has passed.
bool is_trying_again(const UnitLook& look, const std::string& failed) {
  if (look.agent != "executing") return false;
  return failed.empty() || look.agent_message.empty() ||
         look.agent_message.find("running " + failed + " hook") != std::string::npos;
}

void note_error(UnitHistory& history, Moment at) {
  const UnitLook& look = history.look;
  if (is_in_error(look)) {
    if (!history.in_error_since) {
      history.in_error_since = at;
      ++history.errors;
    }
    history.failed_hook = failed_hook(look.message);
  } else if (history.in_error_since && !is_trying_again(look, history.failed_hook)) {
    history.in_error_since.reset();
    history.failed_hook.clear();
  }
  if (look.agent != "lost") {
    history.lost_since.reset();
  } else if (!history.lost_since) {
    history.lost_since = at;
  }
}

// Both maps are sorted by the same names, so one walk finds new, changed and gone.
template <class Known, class Now, class Same>
void compare(const Known& known, const Now& now, Same is_same,
             std::map<std::string, decltype(look_of(now.begin()->second))>& changed,
             std::vector<std::string>& gone) {
  auto old = known.begin();
  for (const auto& [name, item] : now) {
    while (old != known.end() && old->first < name) gone.push_back((old++)->first);
    const bool is_known = old != known.end() && old->first == name;
    if (!is_known || !is_same(old->second, item)) {
      changed.emplace_hint(changed.end(), name, look_of(item));
    }
    if (is_known) ++old;
  }
  for (; old != known.end(); ++old) gone.push_back(old->first);
}

}  // namespace

std::string failed_hook(std::string_view message) {
  static constexpr std::string_view kStart = "hook failed: \"";
  if (!message.starts_with(kStart)) return {};
  message.remove_prefix(kStart.size());
  return std::string(message.substr(0, message.find('"')));
}

UnitLook look_of(const UnitStatus& unit) {
  return {.workload = unit.workload.current,
          .message = unit.workload.message,
          .agent = unit.agent.current,
          .agent_message = unit.agent.message,
          .is_leader = unit.is_leader,
          .machine = unit.machine};
}

MachineLook look_of(const MachineStatus& machine) {
  return {.state = machine.agent.current,
          .instance = machine.instance.current,
          .message = machine.instance.message,
          .modification = machine.modification.current,
          .life = machine.agent.life,
          .hostname = machine.hostname};
}

SampleDifference difference(const ModelHistory& history, const ModelStatus& now) {
  SampleDifference found;
  compare(
      history.units, now.units,
      [](const UnitHistory& known, const UnitStatus& unit) {
        const UnitLook& look = known.look;
        return look.workload == unit.workload.current && look.message == unit.workload.message &&
               look.agent == unit.agent.current && look.agent_message == unit.agent.message &&
               look.is_leader == unit.is_leader && look.machine == unit.machine;
      },
      found.units, found.gone_units);
  compare(
      history.machines, now.machines,
      [](const MachineLook& look, const MachineStatus& machine) {
        return look.state == machine.agent.current && look.instance == machine.instance.current &&
               look.message == machine.instance.message &&
               look.modification == machine.modification.current &&
               look.life == machine.agent.life && look.hostname == machine.hostname;
      },
      found.machines, found.gone_machines);
  return found;
}

ModelHistory with_difference(ModelHistory history, const SampleDifference& difference, Moment at) {
  bool has_changed = history.samples++ == 0;
  if (has_changed) history.first = at;
  history.newest = at;
  history.unobserved_since.reset();
  has_changed |= !difference.gone_units.empty() || !difference.gone_machines.empty();
  for (const std::string& name : difference.gone_units) history.units.erase(name);
  for (const std::string& id : difference.gone_machines) history.machines.erase(id);
  for (const auto& [name, look] : difference.units) {
    const auto [entry, is_new] = history.units.try_emplace(name);
    UnitHistory& unit = entry->second;
    if (is_new) unit.first_seen = at;
    if (is_new || is_changed(unit.look, look)) {
      unit.changed = at;
      has_changed = true;
    }
    unit.look = look;
    note_error(unit, at);
  }
  for (const auto& [id, look] : difference.machines) {
    const auto [entry, is_new] = history.machines.try_emplace(id);
    has_changed |= is_new || is_changed(entry->second, look);
    entry->second = look;
  }
  if (has_changed) history.changed = at;
  return history;
}

ModelHistory with_sample(ModelHistory history, const ModelStatus& now, Moment at) {
  const SampleDifference found = difference(history, now);
  return with_difference(std::move(history), found, at);
}

ModelHistory with_gap(ModelHistory history, Moment at) {
  if (!history.unobserved_since) history.unobserved_since = at;
  return history;
}

}  // namespace gatehouse
