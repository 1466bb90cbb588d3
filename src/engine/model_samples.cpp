#include "engine/model_samples.h"

#include "engine/run_events.h"

namespace gatehouse {

namespace {

json::object unit_body(const std::string& name, const UnitLook& look) {
  json::object body{{"unit", name},
                    {"machine", look.machine},
                    {"workload", look.workload},
                    {"message", look.message},
                    {"agent", look.agent}};
  if (!look.agent_message.empty()) body["agent_message"] = look.agent_message;
  if (look.is_leader) body["leader"] = true;
  return body;
}

json::object machine_body(const std::string& id, const MachineLook& look) {
  json::object body{{"machine", id},
                    {"state", look.state},
                    {"instance", look.instance},
                    {"message", look.message},
                    {"hostname", look.hostname}};
  if (!look.modification.empty()) body["modification"] = look.modification;
  if (!look.life.empty()) body["life"] = look.life;
  return body;
}

UnitLook unit_of(const json::value& body) {
  return {.workload = string_or_empty(body, "workload"),
          .message = string_or_empty(body, "message"),
          .agent = string_or_empty(body, "agent"),
          .agent_message = string_or_empty(body, "agent_message"),
          .is_leader = find_bool(body, "leader").value_or(false),
          .machine = string_or_empty(body, "machine")};
}

MachineLook machine_of(const json::value& body) {
  return {.state = string_or_empty(body, "state"),
          .instance = string_or_empty(body, "instance"),
          .message = string_or_empty(body, "message"),
          .modification = string_or_empty(body, "modification"),
          .life = string_or_empty(body, "life"),
          .hostname = string_or_empty(body, "hostname")};
}

std::vector<std::string> texts_of(const json::object& body, std::string_view key) {
  std::vector<std::string> texts;
  if (const json::array* list = find_array(body, key)) {
    for (const json::value& text : *list) {
      if (text.is_string()) texts.emplace_back(text.get_string());
    }
  }
  return texts;
}

template <class Each>
void for_each_in(const json::object& body, std::string_view key, Each each) {
  if (const json::array* list = find_array(body, key)) {
    for (const json::value& item : *list) each(item);
  }
}

// An event of an older version tells no time of its own: its row's is a moment later.
Moment observed_at(const Event& event) {
  const auto told = parse_rfc3339(string_or_empty(event.body, "observed"));
  return told ? *told : event.at;
}

}  // namespace

json::object sample_body(const SampleDifference& difference, const ModelHistory& after,
                         const ModelStatus& now) {
  json::array units, machines;
  for (const auto& [name, look] : difference.units) units.push_back(unit_body(name, look));
  for (const auto& [id, look] : difference.machines) machines.push_back(machine_body(id, look));
  std::map<std::string, std::size_t> workloads;
  for (const auto& [name, unit] : now.units) ++workloads[unit.workload.current];
  std::size_t started = 0;
  for (const auto& [id, machine] : now.machines) started += machine.agent.current == "started";
  json::object counts;
  for (const auto& [workload, count] : workloads) counts[workload] = count;
  const auto& gone = difference.gone_units;
  const auto& gone_machines = difference.gone_machines;
  return {{"observed", to_rfc3339(after.newest)},
          {"sample", after.samples},
          {"units", std::move(units)},
          {"machines", std::move(machines)},
          {"gone", json::array(gone.begin(), gone.end())},
          {"gone_machines", json::array(gone_machines.begin(), gone_machines.end())},
          {"counts", std::move(counts)},
          {"machines_started", started},
          {"machines_in_all", now.machines.size()}};
}

SampleDifference difference_of(const json::object& body) {
  SampleDifference difference;
  for_each_in(body, "units", [&](const json::value& item) {
    difference.units.insert_or_assign(string_or_empty(item, "unit"), unit_of(item));
  });
  for_each_in(body, "machines", [&](const json::value& item) {
    difference.machines.insert_or_assign(string_or_empty(item, "machine"), machine_of(item));
  });
  difference.gone_units = texts_of(body, "gone");
  difference.gone_machines = texts_of(body, "gone_machines");
  return difference;
}

ModelHistory history_of(std::span<const Event> events) {
  ModelHistory history;
  for (const Event& event : events) {
    if (event.kind == event_kind::kIntent && !history.newer_than) history.newer_than = event.at;
    if (event.kind == event_kind::kUnobserved) {
      history = with_gap(std::move(history), observed_at(event));
    }
    if (event.kind != event_kind::kSample) continue;
    history = with_difference(std::move(history), difference_of(event.body), observed_at(event));
    if (const auto samples = find_integer(event.body, "sample"); samples && *samples > 0) {
      history.samples = static_cast<std::size_t>(*samples);
    }
  }
  return history;
}

}  // namespace gatehouse
