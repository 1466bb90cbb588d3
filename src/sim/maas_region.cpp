#include "sim/maas_region.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/text.h"
#include "sim/embedded.h"

namespace gatehouse::sim {
namespace {

constexpr std::string_view kRoot = "/MAAS/api/2.0/";
constexpr const char* kJson = "application/json; charset=utf-8";
constexpr const char* kText = "text/plain; charset=utf-8";

struct Ask {
  const RegionRequest& request;
  const RegionView& view;
  std::vector<std::string> parts;  ///< of the path below the root, without the last empty one

  std::vector<std::string> values(const std::string& name) const {
    std::vector<std::string> values;
    for (const auto& [key, value] : request.query) {
      if (key == name) values.push_back(value);
    }
    return values;
  }
  std::string value(const std::string& name) const {
    const std::vector<std::string> all = values(name);
    return all.empty() ? "" : all.back();
  }
};

RegionAnswer json_answer(const json::value& value) {
  return {200, kJson, to_pretty_json(value), {}};
}

RegionAnswer no_match(const char* kind) {
  return {404, "text/plain", fmt::format("No {} matches the given query.", kind), {}};
}

RegionAnswer unknown_operation(const Ask& ask) {
  return {400,
          kText,
          fmt::format("Unrecognised signature: method={} op={}", ask.request.method,
                      printable(ask.value("op"))),
          {}};
}

RegionAnswer unknown_endpoint(const std::string& path) {
  return {404, kText, fmt::format("Unknown API endpoint: {}.", printable(path)), {}};
}

/// Parameters of machines/ that MAAS knows and the lab does not filter by.
bool is_known_constraint(const std::string& name) {
  static const std::set<std::string> kKnown = {
      "id",        "hostname", "op",       "format",      "domain",     "zone",
      "pool",      "tags",     "status",   "subnets",     "vlans",      "fabrics",
      "cpu_count", "mem",      "pod",      "mac_address", "agent_name", "not_id",
      "not_zone",  "not_pool", "not_tags", "not_subnets"};
  return kKnown.contains(name);
}

RegionAnswer answer_machines(const Ask& ask) {
  json::object problems;
  for (const auto& [name, value] : ask.request.query) {
    if (!is_known_constraint(name)) {
      problems[printable(name)] = json::array{"No such constraint."};
    }
  }
  if (!problems.empty()) return {400, kJson, json::serialize(problems), {}};
  const std::vector<std::string> ids = ask.values("id");
  const std::vector<std::string> hostnames = ask.values("hostname");
  const std::vector<std::string> statuses = ask.values("status");
  const auto admits = [](const std::vector<std::string>& wanted, const std::string& value) {
    return wanted.empty() || std::find(wanted.begin(), wanted.end(), value) != wanted.end();
  };
  json::array machines;
  for (const LabMachine& machine : ask.view.world.machines) {
    if (!admits(ids, machine.system_id) || !admits(hostnames, machine.hostname)) continue;
    json::object object = machine_json(ask.view, machine);
    std::string status(object["status_name"].as_string());
    std::transform(status.begin(), status.end(), status.begin(),
                   [](char c) { return c == ' ' ? '_' : static_cast<char>(c | 0x20); });
    if (admits(statuses, status)) machines.push_back(std::move(object));
  }
  return json_answer(machines);
}

const LabMachine* machine_of_id(const Ask& ask, const std::string& system_id) {
  for (const LabMachine& machine : ask.view.world.machines) {
    if (machine.system_id == system_id) return &machine;
  }
  return nullptr;
}

RegionAnswer answer_machine(const Ask& ask) {
  const LabMachine* machine = machine_of_id(ask, ask.parts[1]);
  if (machine == nullptr) return no_match("Machine");
  const std::string operation = ask.value("op");
  if (operation == "query_power_state") {
    const json::object object = machine_json(ask.view, *machine);
    return json_answer(json::object{{"state", object.at("power_state")}});
  }
  if (!operation.empty()) return unknown_operation(ask);
  return json_answer(machine_json(ask.view, *machine));
}

RegionAnswer answer_interfaces(const Ask& ask) {
  const LabMachine* machine = machine_of_id(ask, ask.parts[1]);
  if (machine == nullptr) return no_match("Node");
  if (ask.parts.size() == 3) return json_answer(interfaces_json(ask.view, *machine));
  for (const LabNic& nic : machine->nics) {
    if (nic.name == ask.parts[3] || std::to_string(nic.id) == ask.parts[3]) {
      return json_answer(interface_json(ask.view, *machine, nic));
    }
  }
  return no_match("Interface");
}

/// By id, CIDR (its slash plain or encoded), "cidr:..." or name.
const LabPlane* find_subnet(const Ask& ask, std::string name) {
  if (name.rfind("cidr:", 0) == 0) name = name.substr(5);
  for (const LabPlane& plane : ask.view.world.planes) {
    if (std::to_string(plane.subnet_id) == name || to_string(plane.plane.cidr) == name ||
        plane.plane.space == name) {
      return &plane;
    }
  }
  return nullptr;
}

RegionAnswer answer_ip_addresses(const Ask& ask, const LabPlane& plane) {
  Detail detail = Detail::with_nodes;
  for (const char* flag : {"with_summary", "with_username"}) {
    const std::string value = ask.value(flag);
    if (value.empty() || value == "1" || value == "true") continue;
    if (value != "0" && value != "false") {
      return {400, kText, fmt::format("Invalid {}: Value should be 'true' or 'false'", flag), {}};
    }
    if (std::string_view(flag) == "with_summary") detail = Detail::plain;
  }
  return json_answer(ip_addresses_json(ask.view, plane, detail));
}

RegionAnswer answer_subnet(const Ask& ask) {
  std::string name = ask.parts[1];
  if (ask.parts.size() == 3) name += "/" + ask.parts[2];
  const LabPlane* plane = find_subnet(ask, name);
  if (plane == nullptr) return no_match("Subnet");
  const std::string operation = ask.value("op");
  if (operation.empty()) return json_answer(subnet_json(*plane));
  if (operation == "reserved_ip_ranges") {
    return json_answer(reserved_ip_ranges_json(ask.view, *plane));
  }
  if (operation == "ip_addresses") return answer_ip_addresses(ask, *plane);
  return unknown_operation(ask);
}

RegionAnswer answer_iprange(const Ask& ask) {
  int id = 0;
  const std::string& text = ask.parts[1];
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (problem != std::errc() || end != text.data() + text.size()) {
    // A bug of MAAS, kept: errors/iprange-not-a-number.
    return {500,
            kText,
            "Cannot resolve keyword 'name' into field. Choices are: comment, created, dhcpsnippet, "
            "end_ip, id, start_ip, subnet, subnet_id, type, updated, user, user_id",
            {}};
  }
  for (const json::value& range : ipranges_json(ask.view)) {
    if (find_integer(range, "id") == id) return json_answer(range);
  }
  return no_match("IPRange");
}

RegionAnswer answer_subnets(const Ask& ask) {
  json::array subnets;
  for (const LabPlane& plane : ask.view.world.planes) subnets.push_back(subnet_json(plane));
  return json_answer(subnets);
}

RegionAnswer answer_users(const Ask& ask) {
  if (ask.value("op") == "whoami") return json_answer(recorded_shape(Shape::whoami));
  if (!ask.value("op").empty()) return unknown_operation(ask);
  return json_answer(json::array{recorded_shape(Shape::whoami)});
}

RegionAnswer answer_path(const Ask& ask) {
  const std::vector<std::string>& parts = ask.parts;
  const std::string& first = parts.front();
  const std::size_t count = parts.size();
  if (count == 1) {
    const bool has_operations = first == "users" || first == "machines";
    if (!has_operations && !ask.value("op").empty()) return unknown_operation(ask);
    if (first == "users") return answer_users(ask);
    if (first == "machines" && ask.value("op").empty()) return answer_machines(ask);
    if (first == "machines") return unknown_operation(ask);
    if (first == "subnets") return answer_subnets(ask);
    if (first == "ipranges") return json_answer(ipranges_json(ask.view));
    if (first == "spaces") return json_answer(spaces_json(ask.view));
  }
  if (first == "machines" && count == 2) return answer_machine(ask);
  if (first == "nodes" && (count == 3 || count == 4) && parts[2] == "interfaces") {
    return answer_interfaces(ask);
  }
  if (first == "subnets" && (count == 2 || count == 3)) return answer_subnet(ask);
  if (first == "ipranges" && count == 2) return answer_iprange(ask);
  return unknown_endpoint(ask.request.path);
}

/// Headers that every answer of the API carries.
RegionAnswer dressed(RegionAnswer answer) {
  answer.headers.emplace_back("X-Frame-Options", "DENY");
  const bool is_of_handler = answer.status == 200 || answer.status == 404;
  answer.headers.emplace_back("Vary", is_of_handler ? "Authorization, Cookie" : "Cookie");
  answer.headers.emplace_back("X-Maas-Lab", "LAB");
  return answer;
}

std::vector<std::string> parts_below_root(std::string_view path) {
  std::vector<std::string> parts;
  for (const std::string& part : split(path.substr(kRoot.size()), '/')) {
    if (!part.empty()) parts.push_back(percent_decoded(part));  // doubled slashes are folded
  }
  return parts;
}

}  // namespace

std::string percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned byte = 0;
    if (text[i] == '%' && i + 2 < text.size()) {
      const auto [end, problem] =
          std::from_chars(text.data() + i + 1, text.data() + i + 3, byte, 16);
      if (problem == std::errc() && end == text.data() + i + 3) {
        decoded += static_cast<char>(byte);
        i += 2;
        continue;
      }
    }
    decoded += text[i];
  }
  return decoded;
}

RegionAnswer MaasRegion::answer(const RegionRequest& request, const RegionView& view) {
  const std::string& path = request.path;
  if (path.rfind("/MAAS/api/1.0/", 0) == 0) {
    return dressed(
        {410, kText, "The 1.0 API is no longer available. Please use API version 2.0.", {}});
  }
  if (path.rfind(kRoot, 0) != 0 || path.back() != '/') return dressed(unknown_endpoint(path));
  const Ask ask{request, view, parts_below_root(path)};
  if (ask.parts.empty()) return dressed(unknown_endpoint(path));
  if (request.method == "HEAD" || request.method == "PATCH" || request.method == "OPTIONS") {
    return dressed({405, "text/html; charset=utf-8", "", {{"Allow", "DELETE, GET, PUT"}}});
  }
  if (ask.parts.size() == 1 && ask.parts.front() == "version" && request.method == "GET") {
    return dressed({200, kJson, json::serialize(recorded_shape(Shape::version)), {}});
  }
  if (std::optional<RegionAnswer> refusal = refuse(request, view)) {
    return dressed(std::move(*refusal));
  }
  if (request.method != "GET") {
    // A lab is looked at; a client of ours that tried to write would have a bug.
    return dressed({403, "text/plain", "", {}});
  }
  const std::string format = ask.value("format");
  if (!format.empty() && format != "json") {
    return dressed(
        {400, kText, fmt::format("Invalid output format specified '{}'.", printable(format)), {}});
  }
  return dressed(answer_path(ask));
}

}  // namespace gatehouse::sim
