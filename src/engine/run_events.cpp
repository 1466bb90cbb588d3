#include "engine/run_events.h"

#include "base/text.h"

namespace gatehouse {

namespace {

json::object unit_body(const UnitStatus& unit) {
  return {{"unit", unit.name},
          {"machine", unit.machine},
          {"workload", unit.workload.current},
          {"message", printable(unit.workload.message)},
          {"agent", unit.agent.current}};
}

json::object machine_body(const MachineStatus& machine) {
  return {{"machine", machine.id},
          {"state", machine.agent.current},
          {"instance", machine.instance.current},
          {"message", printable(machine.instance.message)},
          {"hostname", machine.hostname}};
}

template <class Map>
bool is_changed(const Map& before, const typename Map::value_type& now) {
  const auto former = before.find(now.first);
  return former == before.end() || !(former->second == now.second);
}

}  // namespace

json::object sample_body(const ModelStatus& before, const ModelStatus& now) {
  json::array units, machines, gone;
  std::map<std::string, std::size_t> workloads;
  std::size_t started = 0;
  for (const auto& entry : now.units) {
    ++workloads[entry.second.workload.current];
    if (is_changed(before.units, entry)) units.push_back(unit_body(entry.second));
  }
  for (const auto& entry : now.machines) {
    if (entry.second.agent.current == "started") ++started;
    if (is_changed(before.machines, entry)) machines.push_back(machine_body(entry.second));
  }
  for (const auto& [name, unit] : before.units) {
    if (!now.units.contains(name)) gone.emplace_back(name);
  }
  json::object counts;
  for (const auto& [workload, count] : workloads) counts[workload] = count;
  return {{"units", std::move(units)},   {"machines", std::move(machines)},
          {"gone", std::move(gone)},     {"counts", std::move(counts)},
          {"machines_started", started}, {"machines_in_all", now.machines.size()}};
}

}  // namespace gatehouse
