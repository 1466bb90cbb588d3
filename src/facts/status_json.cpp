#include "facts/facts_json.h"

namespace gatehouse {

namespace {

json::array texts_of_status(const std::vector<std::string>& list) {
  return json::array(list.begin(), list.end());
}

json::object value_json(const StatusValue& value) {
  json::object out{{"current", value.current}};
  if (!value.message.empty()) out["message"] = value.message;
  if (!value.since.empty()) out["since"] = value.since;
  if (!value.life.empty()) out["life"] = value.life;
  return out;
}

json::object machine_json(const MachineStatus& machine) {
  json::object interfaces;
  for (const auto& [name, interface] : machine.interfaces) {
    interfaces[name] = {{"addresses", texts_of_status(interface.addresses)},
                        {"mac_address", interface.mac_address},
                        {"spaces", texts_of_status(interface.spaces)}};
  }
  return {{"agent", value_json(machine.agent)},
          {"instance", value_json(machine.instance)},
          {"modification", value_json(machine.modification)},
          {"hostname", machine.hostname},
          {"instance_id", machine.instance_id},
          {"addresses", texts_of_status(machine.addresses)},
          {"interfaces", std::move(interfaces)}};
}

json::object unit_json(const UnitStatus& unit) {
  json::object out{
      {"application", unit.application},       {"machine", unit.machine},
      {"workload", value_json(unit.workload)}, {"agent", value_json(unit.agent)},
      {"is_leader", unit.is_leader},           {"public_address", unit.public_address}};
  if (!unit.principal.empty()) out["principal"] = unit.principal;
  return out;
}

json::object application_json(const ApplicationStatus& application) {
  json::object bindings;
  for (const auto& [endpoint, space] : application.endpoint_bindings) bindings[endpoint] = space;
  json::array relations;
  for (const RelationStatus& relation : application.relations) {
    relations.push_back({{"endpoint", relation.endpoint},
                         {"application", relation.application},
                         {"interface", relation.interface},
                         {"scope", relation.scope}});
  }
  return {{"charm", application.charm},
          {"revision", application.revision},
          {"channel", application.channel},
          {"base", application.base},
          {"life", application.life},
          {"status", value_json(application.status)},
          {"subordinate_to", texts_of_status(application.subordinate_to)},
          {"endpoint_bindings", std::move(bindings)},
          {"relations", std::move(relations)}};
}

}  // namespace

json::object status_to_json(const ModelStatus& status) {
  json::object machines;
  for (const auto& [id, machine] : status.machines) machines[id] = machine_json(machine);
  json::object applications;
  for (const auto& [name, each] : status.applications) applications[name] = application_json(each);
  json::object units;
  for (const auto& [name, unit] : status.units) units[name] = unit_json(unit);
  json::object remotes;
  for (const auto& [name, value] : status.remotes) remotes[name] = value_json(value);
  return {{"name", status.name},
          {"status", value_json(status.status)},
          {"controller", status.controller},
          {"cloud", status.cloud},
          {"version", status.version},
          {"machines", std::move(machines)},
          {"applications", std::move(applications)},
          {"units", std::move(units)},
          {"remotes", std::move(remotes)},
          {"unread", texts_of_status(status.unread)},
          {"unknown", texts_of_status(status.unknown)}};
}

}  // namespace gatehouse
