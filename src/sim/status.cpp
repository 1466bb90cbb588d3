#include "sim/status.h"

#include <algorithm>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/text.h"
#include "sim/chance.h"
#include "sim/status_faults.h"

namespace gatehouse::sim {
namespace {

struct View {
  const LabWorld& world;
  const LabModel& model;
  const Timeline& timeline;
  Moment now;
  TimeForm form;

  std::string time(Moment moment) const { return status_time(moment, form); }
};

json::object status_object(const View& view, const std::string& current, const std::string& message,
                           Moment since) {
  json::object object;
  if (!current.empty()) object["current"] = current;
  if (!message.empty()) object["message"] = message;
  object["since"] = view.time(since);
  return object;
}

json::object base_object(const std::string& base) {
  const std::size_t at = base.find('@');
  const std::size_t risk = base.find('/', at == std::string::npos ? 0 : at);
  if (at == std::string::npos) return {{"name", "ubuntu"}, {"channel", "22.04"}};
  return {{"name", base.substr(0, at)}, {"channel", base.substr(at + 1, risk - at - 1)}};
}

/// The base of what runs there: of its first unit's application.
json::object base_of_place(const View& view, const std::string& place) {
  for (const LabUnit& unit : view.model.plan->units) {
    const bool is_there = unit.machine == place || unit.machine.rfind(place + "/", 0) == 0;
    const LabApplication* application = view.model.plan->application(unit.application);
    if (is_there && application != nullptr) return base_object(application->base);
  }
  return base_object("");
}

json::object interface_object(const std::string& address, const std::string& mac,
                              const std::string& gateway, const LabPlane& plane) {
  json::object object;
  object["ip-addresses"] = json::array{address};
  object["mac-address"] = mac;
  if (!gateway.empty()) object["gateway"] = gateway;
  if (!plane.plane.dns.empty()) {
    json::array servers;
    for (const Ipv4 server : plane.plane.dns) servers.emplace_back(to_string(server));
    object["dns-nameservers"] = std::move(servers);
  }
  object["space"] = plane.plane.space;
  object["is-up"] = true;
  return object;
}

json::object container_object(const View& view, const LabContainer& container) {
  const MachineTimes times = view.timeline.place(container.id);
  const bool is_up = times.started && *times.started <= view.now;
  const bool is_running = times.running && *times.running <= view.now;
  const bool is_made = times.allocated && *times.allocated <= view.now;
  const std::string hostname =
      fmt::format("juju-{}-{}", view.model.uuid.substr(30), replace_all(container.id, "/", "-"));
  json::object object;
  object["juju-status"] = status_object(view, is_up ? "started" : "pending", "",
                                        is_up ? *times.started : *times.landed);
  if (is_up) object["juju-status"].as_object()["version"] = view.timeline.book().agent_version();
  if (is_up) object["hostname"] = hostname;
  json::array addresses;
  json::object interfaces;
  for (const LabContainerNic& nic : container.nics) {
    const LabPlane* plane = view.world.plane_of_space(nic.space);
    if (plane == nullptr || nic.address.empty()) continue;
    addresses.emplace_back(nic.address);
    interfaces[nic.name] = interface_object(nic.address, nic.mac, nic.gateway, *plane);
  }
  if (is_running && !addresses.empty()) {
    object["dns-name"] = addresses.front();
    object["ip-addresses"] = addresses;
  }
  object["instance-id"] = is_made ? hostname : "pending";
  object["machine-status"] =
      is_running ? status_object(view, "running", "Container started", *times.running)
      : is_made  ? status_object(view, "allocating", "Creating container", *times.allocated)
                 : status_object(view, "pending", "", *times.landed);
  object["modification-status"] =
      status_object(view, is_up ? "applied" : "idle", "", is_up ? *times.started : *times.landed);
  object["base"] = base_of_place(view, container.id);
  if (is_up) object["network-interfaces"] = std::move(interfaces);
  object["constraints"] = "arch=amd64";
  if (is_made) object["hardware"] = "availability-zone=default";
  return object;
}

void add_machine_network(const View& view, const LabMachine& machine, json::object& object) {
  json::array addresses;
  json::object interfaces;
  for (const LabNic& nic : machine.nics) {
    const LabPlane* plane = view.world.plane(nic.plane);
    if (plane == nullptr || !nic.address) continue;
    const std::string address = to_string(*nic.address);
    addresses.emplace_back(address);
    interfaces[nic.name] = interface_object(
        address, nic.mac, plane->plane.gateway ? to_string(*plane->plane.gateway) : "", *plane);
  }
  if (!addresses.empty()) object["dns-name"] = addresses.front();
  object["ip-addresses"] = std::move(addresses);
  object["network-interfaces"] = std::move(interfaces);
}

json::object machine_status_object(const View& view, const MachineTimes& times) {
  if (!times.allocated) {
    return status_object(view, "allocating",
                         "failed to start machine (failed to acquire node: No available machine "
                         "matches constraints), retrying in 10s (9 more attempts)",
                         *times.landed);
  }
  if (*times.allocated > view.now) return status_object(view, "pending", "", *times.landed);
  if (!times.running) {
    return status_object(view, "provisioning error", "Failed deployment", *times.allocated);
  }
  // MAAS words of its deployment, one third of the time each.
  if (*times.running > view.now) {
    const auto part = (view.now - *times.allocated) * 3 / (*times.running - *times.allocated);
    const std::string message = part == 0   ? "Deploying: Powering on"
                                : part == 1 ? "Deploying: Performing PXE boot"
                                            : "Deploying: Configuring OS";
    return status_object(view, "allocating", message, *times.allocated);
  }
  return status_object(view, "running", "Deployed", *times.running);
}

json::object machine_object(const View& view, const LabModelMachine& machine) {
  const MachineTimes times = view.timeline.machine(machine.number);
  const bool is_up = times.started && *times.started <= view.now;
  const bool is_allocated = times.allocated && *times.allocated <= view.now;
  const LabMachine* host = view.world.machine(machine.hostname);
  json::object object;
  object["juju-status"] = status_object(view, is_up ? "started" : "pending", "",
                                        is_up ? *times.started : *times.landed);
  if (is_up) object["juju-status"].as_object()["version"] = view.timeline.book().agent_version();
  if (is_allocated && host != nullptr) {
    object["hostname"] = host->hostname;
    json::object network;
    add_machine_network(view, *host, network);
    if (network.contains("dns-name")) object["dns-name"] = network["dns-name"];
    object["ip-addresses"] = network["ip-addresses"];
    object["instance-id"] = host->system_id;
    object["display-name"] = host->hostname;
    object["machine-status"] = machine_status_object(view, times);
    object["modification-status"] = status_object(view, "idle", "", *times.landed);
    object["base"] = base_of_place(view, machine.number);
    object["network-interfaces"] = network["network-interfaces"];
  } else {
    object["instance-id"] = "pending";
    object["machine-status"] = machine_status_object(view, times);
    object["modification-status"] = status_object(view, "idle", "", *times.landed);
    object["base"] = base_of_place(view, machine.number);
  }
  json::object containers;
  for (const LabContainer& container : view.model.plan->containers) {
    if (container.machine != machine.number || !view.model.landed(container.change)) continue;
    containers[container.id] = container_object(view, container);
  }
  if (!containers.empty()) object["containers"] = std::move(containers);
  if (!machine.constraints.empty()) object["constraints"] = machine.constraints;
  if (is_allocated) {
    object["hardware"] = "arch=amd64 cores=16 mem=65536M tags=virtual availability-zone=default";
  }
  return object;
}

std::string address_in(const View& view, const std::string& place) {
  const MachineTimes times = view.timeline.place(place);
  if (!times.started || *times.started > view.now) return "";
  if (const LabContainer* container = view.model.plan->container(place)) {
    return container->nics.empty() ? "" : container->nics.front().address;
  }
  const LabModelMachine* machine = view.model.plan->machine(place);
  const LabMachine* host = machine == nullptr ? nullptr : view.world.machine(machine->hostname);
  if (host == nullptr) return "";
  for (const LabNic& nic : host->nics) {
    if (nic.address) return to_string(*nic.address);
  }
  return "";
}

json::object unit_object(const View& view, const LabUnit& unit, const UnitState& state);

json::object subordinates_of(const View& view, const LabUnit& principal) {
  json::object subordinates;
  for (const LabUnit& unit : view.model.plan->units) {
    if (unit.principal != principal.name) continue;
    const auto state = view.timeline.unit(unit, view.now);
    if (state) subordinates[unit.name] = unit_object(view, unit, *state);
  }
  return subordinates;
}

json::object unit_object(const View& view, const LabUnit& unit, const UnitState& state) {
  json::object object;
  object["workload-status"] =
      status_object(view, state.workload, state.message, state.workload_since);
  object["juju-status"] = status_object(view, state.agent, state.agent_message, state.agent_since);
  if (state.agent != "allocating") {
    object["juju-status"].as_object()["version"] = view.timeline.book().agent_version();
  }
  if (view.timeline.is_leader(unit, view.now)) object["leader"] = true;
  if (unit.principal.empty()) object["machine"] = unit.machine;
  const LabApplication* application = view.model.plan->application(unit.application);
  const Script script = application == nullptr ? Script{} : script_from(application->script);
  if (state.agent == "idle" && !script.open_ports.empty()) {
    json::array ports;
    for (const std::string& port : script.open_ports) ports.emplace_back(port);
    object["open-ports"] = std::move(ports);
  }
  const std::string address = address_in(view, unit.machine);
  if (!address.empty()) object["public-address"] = address;
  json::object subordinates = subordinates_of(view, unit);
  if (!subordinates.empty()) object["subordinates"] = std::move(subordinates);
  return object;
}

/// The application status that Juju derives: the worst of its units'.
json::object application_status(const View& view, const std::string& application) {
  static const std::vector<std::string> kWorstFirst = {
      "error", "blocked", "maintenance", "waiting", "active", "terminated", "unknown"};
  std::optional<UnitState> worst;
  std::size_t worst_rank = kWorstFirst.size();
  for (const LabUnit& unit : view.model.plan->units) {
    if (unit.application != application) continue;
    const auto state = view.timeline.unit(unit, view.now);
    if (!state) continue;
    const auto place = std::find(kWorstFirst.begin(), kWorstFirst.end(), state->workload);
    const auto rank = static_cast<std::size_t>(place - kWorstFirst.begin());
    if (worst && rank >= worst_rank) continue;
    worst = state;
    worst_rank = rank;
  }
  if (!worst) return status_object(view, "unknown", "", view.now);
  return status_object(view, worst->workload, worst->message, worst->workload_since);
}

json::object relations_object(const View& view, const LabApplication& application) {
  std::map<std::string, json::array> by_endpoint;
  for (const LabRelation& relation : application.relations) {
    if (!view.model.landed(relation.change)) continue;
    by_endpoint[relation.endpoint].push_back(
        json::object{{"related-application", relation.application},
                     {"interface", relation.interface},
                     {"scope", relation.scope}});
  }
  json::object relations;
  for (auto& [endpoint, others] : by_endpoint) relations[endpoint] = std::move(others);
  return relations;
}

/// Principals that it is related to within one machine.
json::array principals_of(const View& view, const LabApplication& application) {
  std::set<std::string> names;
  for (const LabRelation& relation : application.relations) {
    if (relation.scope != "container" || !view.model.landed(relation.change)) continue;
    const LabApplication* other = view.model.plan->application(relation.application);
    if (other != nullptr && !other->is_subordinate) names.insert(other->name);
  }
  json::array principals;
  for (const std::string& name : names) principals.emplace_back(name);
  return principals;
}

json::object units_object(const View& view, const LabApplication& application) {
  json::object units;
  for (const LabUnit& unit : view.model.plan->units) {
    if (unit.application != application.name) continue;
    const auto state = view.timeline.unit(unit, view.now);
    if (state) units[unit.name] = unit_object(view, unit, *state);
  }
  return units;
}

json::object application_object(const View& view, const LabApplication& application) {
  constexpr std::uint64_t kRevisions = 900;
  json::object object;
  object["charm"] = application.charm;
  object["base"] = base_object(application.base);
  object["charm-origin"] = application.charm.rfind('.', 0) == 0 ? "local" : "charmhub";
  object["charm-name"] = application.charm;
  object["charm-rev"] = static_cast<std::int64_t>(chance_bits(0, application.charm) % kRevisions);
  if (!application.channel.empty()) object["charm-channel"] = application.channel;
  object["exposed"] = application.is_exposed;
  object["application-status"] = application_status(view, application.name);
  json::object relations = relations_object(view, application);
  if (!relations.empty()) object["relations"] = std::move(relations);
  if (application.is_subordinate) {
    object["subordinate-to"] = principals_of(view, application);
  } else {
    json::object units = units_object(view, application);
    if (!units.empty()) object["units"] = std::move(units);
  }
  const std::string version = script_from(application.script).version;
  if (!version.empty()) object["version"] = version;
  json::object bindings;
  for (const auto& [endpoint, space] : application.bindings) bindings[endpoint] = space;
  object["endpoint-bindings"] = std::move(bindings);
  return object;
}

}  // namespace

std::string status_time(Moment moment, TimeForm form) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(moment);
  const std::tm parts = fmt::gmtime(seconds);
  return form == TimeForm::iso ? fmt::format("{:%Y-%m-%d %H:%M:%S}Z", parts)
                               : fmt::format("{:%d %b %Y %H:%M:%S}Z", parts);
}

json::object model_status(const LabWorld& world, const LabModel& model, Moment now, TimeForm form) {
  json::object status;
  json::object head;
  head["name"] = model.name;
  head["type"] = "iaas";
  head["controller"] = world.site.juju.controller;
  head["cloud"] = model.cloud;
  if (!model.region.empty()) head["region"] = model.region;
  head["version"] = ScriptBook().agent_version();
  head["model-status"] =
      json::object{{"current", "available"}, {"since", status_time(model.created, form)}};
  head["sla"] = "unsupported";
  status["model"] = std::move(head);
  json::object machines;
  json::object applications;
  if (model.plan) {
    const Timeline timeline(world, model);
    const View view{world, model, timeline, now, form};
    for (const LabModelMachine& machine : model.plan->machines) {
      if (!model.landed(machine.change)) continue;
      machines[machine.number] = machine_object(view, machine);
    }
    for (const LabApplication& application : model.plan->applications) {
      if (!model.landed(application.change)) continue;
      applications[application.name] = application_object(view, application);
    }
  }
  status["machines"] = std::move(machines);
  status["applications"] = std::move(applications);
  spoil_status(world, model, now, status);
  status["storage"] = json::object();
  const std::string time = status_time(now, TimeForm::iso).substr(11);
  status["controller"] = json::object{{"timestamp", time}};
  return status;
}

bool is_started(const LabWorld& world, const LabModel& model, const std::string& place,
                Moment now) {
  if (!model.plan) return false;
  const MachineTimes times = Timeline(world, model).place(place);
  return times.started && *times.started <= now;
}

bool is_running(const LabWorld& world, const LabModel& model, const std::string& place,
                Moment now) {
  if (!model.plan) return false;
  const MachineTimes times = Timeline(world, model).place(place);
  return times.running && *times.running <= now;
}

std::string address_of_place(const LabWorld& world, const LabModel& model, const std::string& place,
                             Moment now) {
  if (!model.plan) return "";
  const Timeline timeline(world, model);
  return address_in({world, model, timeline, now, TimeForm::iso}, place);
}

}  // namespace gatehouse::sim
