#include "sim/model.h"

#include <algorithm>

namespace gatehouse::sim {
namespace {

std::size_t change_of(const json::value& value) {
  return static_cast<std::size_t>(find_integer(value, "change").value_or(0));
}

json::object to_json(const LabApplication& application) {
  json::object object;
  object["name"] = application.name;
  object["charm"] = application.charm;
  object["channel"] = application.channel;
  object["base"] = application.base;
  object["exposed"] = application.is_exposed;
  object["subordinate"] = application.is_subordinate;
  object["change"] = application.change;
  json::object bindings;
  for (const auto& [endpoint, space] : application.bindings) bindings[endpoint] = space;
  object["bindings"] = std::move(bindings);
  json::array relations;
  for (const LabRelation& relation : application.relations) {
    relations.push_back(json::object{{"endpoint", relation.endpoint},
                                     {"application", relation.application},
                                     {"interface", relation.interface},
                                     {"scope", relation.scope},
                                     {"change", relation.change}});
  }
  object["relations"] = std::move(relations);
  object["script"] = application.script;
  return object;
}

LabApplication application_from(const json::value& value) {
  LabApplication application{.name = string_or_empty(value, "name"),
                             .charm = string_or_empty(value, "charm"),
                             .channel = string_or_empty(value, "channel"),
                             .base = string_or_empty(value, "base"),
                             .is_exposed = find_bool(value, "exposed").value_or(false),
                             .is_subordinate = find_bool(value, "subordinate").value_or(false),
                             .change = change_of(value),
                             .bindings = {},
                             .relations = {},
                             .script = {}};
  if (const json::object* bindings = find_object(value, "bindings")) {
    for (const auto& [endpoint, space] : *bindings) {
      if (space.is_string()) application.bindings[endpoint] = space.get_string();
    }
  }
  if (const json::array* relations = find_array(value, "relations")) {
    for (const json::value& relation : *relations) {
      application.relations.push_back({.endpoint = string_or_empty(relation, "endpoint"),
                                       .application = string_or_empty(relation, "application"),
                                       .interface = string_or_empty(relation, "interface"),
                                       .scope = string_or_empty(relation, "scope"),
                                       .change = change_of(relation)});
    }
  }
  if (const json::object* script = find_object(value, "script")) application.script = *script;
  return application;
}

json::object to_json(const LabContainer& container) {
  json::array nics;
  for (const LabContainerNic& nic : container.nics) {
    nics.push_back(json::object{{"name", nic.name},
                                {"space", nic.space},
                                {"address", nic.address},
                                {"mac", nic.mac},
                                {"gateway", nic.gateway}});
  }
  return {{"id", container.id},
          {"machine", container.machine},
          {"change", container.change},
          {"nics", std::move(nics)}};
}

LabContainer container_from(const json::value& value) {
  LabContainer container{.id = string_or_empty(value, "id"),
                         .machine = string_or_empty(value, "machine"),
                         .change = change_of(value),
                         .nics = {}};
  if (const json::array* nics = find_array(value, "nics")) {
    for (const json::value& nic : *nics) {
      container.nics.push_back({.name = string_or_empty(nic, "name"),
                                .space = string_or_empty(nic, "space"),
                                .address = string_or_empty(nic, "address"),
                                .mac = string_or_empty(nic, "mac"),
                                .gateway = string_or_empty(nic, "gateway")});
    }
  }
  return container;
}

json::array lines_to_json(const std::vector<std::vector<std::string>>& changes) {
  json::array array;
  for (const auto& lines : changes) {
    json::array inner;
    for (const std::string& line : lines) inner.emplace_back(line);
    array.push_back(std::move(inner));
  }
  return array;
}

std::vector<std::vector<std::string>> lines_from(const json::array& array) {
  std::vector<std::vector<std::string>> changes;
  for (const json::value& inner : array) {
    std::vector<std::string> lines;
    if (inner.is_array()) {
      for (const json::value& line : inner.get_array()) {
        if (line.is_string()) lines.emplace_back(line.get_string());
      }
    }
    changes.push_back(std::move(lines));
  }
  return changes;
}

template <class T>
const T* named(const std::vector<T>& entries, std::string T::* name, const std::string& wanted) {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const T& entry) { return entry.*name == wanted; });
  return found == entries.end() ? nullptr : &*found;
}

}  // namespace

const LabApplication* ModelPlan::application(const std::string& name) const {
  return named(applications, &LabApplication::name, name);
}

const LabModelMachine* ModelPlan::machine(const std::string& number) const {
  return named(machines, &LabModelMachine::number, number);
}

const LabContainer* ModelPlan::container(const std::string& id) const {
  return named(containers, &LabContainer::id, id);
}

std::optional<Moment> LabModel::landed(std::size_t change) const {
  if (change >= done) return std::nullopt;
  const LandingRun* run = nullptr;
  for (const LandingRun& candidate : runs) {
    if (candidate.first <= change) run = &candidate;
  }
  if (run == nullptr) return created;
  return run->start + step * static_cast<std::int64_t>(change - run->first + 1);
}

json::object to_json(const ModelPlan& plan) {
  json::object object;
  object["digest"] = plan.digest;
  object["changes"] = lines_to_json(plan.changes);
  json::array applications;
  for (const LabApplication& application : plan.applications) {
    applications.push_back(to_json(application));
  }
  object["applications"] = std::move(applications);
  json::array machines;
  for (const LabModelMachine& machine : plan.machines) {
    machines.push_back(json::object{{"number", machine.number},
                                    {"hostname", machine.hostname},
                                    {"constraints", machine.constraints},
                                    {"change", machine.change}});
  }
  object["machines"] = std::move(machines);
  json::array containers;
  for (const LabContainer& container : plan.containers) containers.push_back(to_json(container));
  object["containers"] = std::move(containers);
  json::array units;
  for (const LabUnit& unit : plan.units) {
    units.push_back(json::object{{"name", unit.name},
                                 {"application", unit.application},
                                 {"machine", unit.machine},
                                 {"principal", unit.principal},
                                 {"change", unit.change}});
  }
  object["units"] = std::move(units);
  return object;
}

std::optional<ModelPlan> model_plan_from(const json::value& value) {
  const json::array* changes = find_array(value, "changes");
  const json::array* applications = find_array(value, "applications");
  const json::array* machines = find_array(value, "machines");
  const json::array* containers = find_array(value, "containers");
  const json::array* units = find_array(value, "units");
  if (!changes || !applications || !machines || !containers || !units) return std::nullopt;
  ModelPlan plan{.digest = string_or_empty(value, "digest"),
                 .changes = lines_from(*changes),
                 .applications = {},
                 .machines = {},
                 .containers = {},
                 .units = {}};
  for (const json::value& entry : *applications) {
    plan.applications.push_back(application_from(entry));
  }
  for (const json::value& entry : *machines) {
    plan.machines.push_back({.number = string_or_empty(entry, "number"),
                             .hostname = string_or_empty(entry, "hostname"),
                             .constraints = string_or_empty(entry, "constraints"),
                             .change = change_of(entry)});
  }
  for (const json::value& entry : *containers) plan.containers.push_back(container_from(entry));
  for (const json::value& entry : *units) {
    plan.units.push_back({.name = string_or_empty(entry, "name"),
                          .application = string_or_empty(entry, "application"),
                          .machine = string_or_empty(entry, "machine"),
                          .principal = string_or_empty(entry, "principal"),
                          .change = change_of(entry)});
  }
  return plan;
}

}  // namespace gatehouse::sim
