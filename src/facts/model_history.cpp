#include "facts/model_status.h"

namespace gatehouse {

namespace {

bool is_in_error(const UnitStatus& unit) {
  return unit.workload.current == "error" || unit.agent.current == "failed";
}

// What settling looks at; `since` and addresses are left out, for Juju refreshes them at will.
bool looks_alike(const UnitStatus& a, const UnitStatus& b) {
  return a.workload.current == b.workload.current && a.workload.message == b.workload.message &&
         a.agent.current == b.agent.current && a.is_leader == b.is_leader;
}

}  // namespace

ModelHistory with_sample(ModelHistory history, const ModelStatus& before, const ModelStatus& now,
                         Moment at) {
  if (history.samples++ == 0) history.first = history.changed = at;
  history.newest = at;
  bool has_changed = before.units.size() != now.units.size() ||
                     before.machines.size() != now.machines.size();
  for (const auto& [name, unit] : now.units) {
    const auto former = before.units.find(name);
    const bool is_same = former != before.units.end() && looks_alike(former->second, unit);
    auto [entry, is_new] = history.units.try_emplace(name);
    if (is_new) entry->second.first_seen = at;
    if (!is_same) entry->second.changed = at;
    has_changed |= !is_same;
    if (is_in_error(unit)) {
      if (!entry->second.in_error_since) {
        entry->second.in_error_since = at;
        ++entry->second.errors;
      }
    } else {
      entry->second.in_error_since.reset();
    }
  }
  for (const auto& [id, machine] : now.machines) {
    const auto former = before.machines.find(id);
    has_changed |= former == before.machines.end() ||
                   former->second.agent.current != machine.agent.current;
  }
  if (has_changed) history.changed = at;
  return history;
}

}  // namespace gatehouse
