#include "sim/maas_region.h"

#include <algorithm>
#include <charconv>
#include <variant>

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
  MaasRegion& region;
  std::vector<std::string> parts;  ///< of the path below the root, without the last empty one
  RegionUser user;

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
  bool may_see(const std::string& owner) const {
    return user.is_administrator || owner.empty() || owner == user.name;
  }
};

RegionAnswer json_text(std::string text) {
  return {200, kJson, std::move(text), {}, Voice::handler};
}

RegionAnswer json_answer(const json::value& value) {
  return json_text(maas_text(value));
}

RegionAnswer no_match(const char* kind) {
  return {
      404, "text/plain", fmt::format("No {} matches the given query.", kind), {}, Voice::handler};
}

RegionAnswer field_error(const std::string& field, const std::string& message) {
  return {400, kJson, json::serialize(json::object{{field, json::array{message}}}), {}};
}

RegionAnswer administrators_only() {
  return {403, kText, "This method is reserved for admin users.", {}};
}

RegionAnswer unknown_operation(const Ask& ask) {
  return {400,
          kText,
          fmt::format("Unrecognised signature: method={} op={}", ask.request.method,
                      printable(ask.value("op"))),
          {}};
}

RegionAnswer unknown_endpoint(const std::string& path) {
  return {404, kText, fmt::format("Unknown API endpoint: {}.", printable(path)), {}, Voice::urls};
}

/// Parameters of machines/ that MAAS knows; the lab filters by id, hostname, status and tags, and
/// by `not_` of the first two.
bool is_known_constraint(const std::string& name) {
  static const std::set<std::string> kKnown = {
      "id",        "hostname", "op",       "format",      "domain",      "zone",
      "pool",      "tags",     "status",   "subnets",     "vlans",       "fabrics",
      "cpu_count", "mem",      "pod",      "mac_address", "agent_name",  "not_id",
      "not_zone",  "not_pool", "not_tags", "not_subnets", "not_hostname"};
  return kKnown.contains(name);
}

/// "failed_testing" of "Failed testing".
std::string word_of_status(const MachineQuirk& state) {
  std::string word = state.status_name.empty() ? "ready" : state.status_name;
  std::transform(word.begin(), word.end(), word.begin(),
                 [](char c) { return c == ' ' ? '_' : static_cast<char>(c | 0x20); });
  return word;
}

/// The words of the statuses that a lab can show, and of others that MAAS knows.
bool is_status(const std::string& word) {
  static const std::set<std::string> kKnown = {"new",
                                               "commissioning",
                                               "failed_commissioning",
                                               "missing",
                                               "ready",
                                               "reserved",
                                               "deployed",
                                               "retired",
                                               "broken",
                                               "deploying",
                                               "testing",
                                               "allocated",
                                               "failed_deployment",
                                               "releasing",
                                               "failed_testing"};
  return kKnown.contains(word);
}

std::optional<RegionAnswer> refuse_constraints(const Ask& ask) {
  json::object problems;
  for (const auto& [name, value] : ask.request.query) {
    if (!is_known_constraint(name)) problems[printable(name)] = json::array{"No such constraint."};
  }
  if (!problems.empty()) return RegionAnswer{400, kJson, json::serialize(problems), {}};
  for (const std::string& status : ask.values("status")) {
    if (is_status(status)) continue;
    return field_error("status",
                       fmt::format("Select a valid choice. {} is not one of the available choices.",
                                   printable(status)));
  }
  for (const std::string& mac : ask.values("mac_address")) {
    if (std::count(mac.begin(), mac.end(), ':') == 5) continue;
    return field_error("mac_address",
                       fmt::format("'{}' is not a valid MAC address.", printable(mac)));
  }
  for (const std::string& count : ask.values("cpu_count")) {
    if (!count.empty() && count.find_first_not_of("0123456789.") == std::string::npos) continue;
    return field_error("cpu_count", "Invalid CPU count: number required.");
  }
  for (const std::string& pool : ask.values("pool")) {
    if (pool == "default") continue;
    return field_error("pool", fmt::format("No such pool(s): {}.", printable(pool)));
  }
  return std::nullopt;
}

bool contains(const std::vector<std::string>& list, const std::string& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

/// By `name` and by `not_name`.
bool is_admitted(const Ask& ask, const std::string& name, const std::string& value) {
  const std::vector<std::string> wanted = ask.values(name);
  return (wanted.empty() || contains(wanted, value)) && !contains(ask.values("not_" + name), value);
}

/// What a filter may look at.
struct Candidate {
  std::string system_id;
  std::string hostname;
  MachineQuirk state;
  std::set<std::string> tags;
};

bool is_admitted(const Ask& ask, const Candidate& candidate) {
  const std::vector<std::string> tags = ask.values("tags");
  const bool has_tags = std::all_of(tags.begin(), tags.end(), [&](const std::string& tag) {
    return candidate.tags.contains(tag);
  });
  return has_tags && ask.may_see(candidate.state.owner) &&
         is_admitted(ask, "id", candidate.system_id) &&
         is_admitted(ask, "hostname", candidate.hostname) &&
         is_admitted(ask, "status", word_of_status(candidate.state));
}

RegionAnswer answer_machines(const Ask& ask) {
  if (ask.value("op") == "power_parameters") return administrators_only();
  if (!ask.value("op").empty()) return unknown_operation(ask);
  if (auto refused = refuse_constraints(ask)) return *refused;
  std::vector<std::string_view> texts;
  for (const LabMachine& machine : ask.view.world.machines) {
    Candidate candidate{machine.system_id, machine.hostname, state_of(ask.view, machine), {}};
    if (candidate.state.is_gone) continue;
    if (!candidate.state.has_no_tags) {
      candidate.tags = ask.view.world.settings.machine_tags;
      candidate.tags.insert("virtual");
    }
    if (is_admitted(ask, candidate)) texts.push_back(ask.region.machine_text(ask.view, machine));
  }
  std::string stray;
  if (ask.view.world.faults.maas.has_broken_stray) {
    const json::object broken = broken_machine_json();
    const Candidate candidate{string_or_empty(broken, "system_id"),
                              string_or_empty(broken, "hostname"),
                              {.status = 8, .status_name = "Broken", .owner = "admin"},
                              {}};
    stray = maas_text(broken, 1);
    if (is_admitted(ask, candidate)) texts.push_back(stray);
  }
  return json_text(maas_list(texts));
}

/// A machine that is there, or what is answered instead: 404, or 403 without a word where it is
/// another user's.
std::variant<const LabMachine*, RegionAnswer> machine_of_id(const Ask& ask, const char* kind) {
  for (const LabMachine& machine : ask.view.world.machines) {
    if (machine.system_id != ask.parts[1]) continue;
    const MachineQuirk state = state_of(ask.view, machine);
    if (state.is_gone) break;
    if (!ask.may_see(state.owner)) return RegionAnswer{403, kText, "", {}};
    return &machine;
  }
  return no_match(kind);
}

RegionAnswer answer_power_parameters(const Ask& ask, const LabMachine& machine) {
  if (!ask.user.is_administrator) return {403, kText, "", {}};
  return json_answer(json::object{{"power_pass", "LAB-no-password"},
                                  {"power_address", "qemu+ssh://maas@192.0.2.1/system"},
                                  {"power_id", machine.hostname}});
}

RegionAnswer answer_machine(const Ask& ask) {
  const auto found = machine_of_id(ask, "Machine");
  if (const auto* refused = std::get_if<RegionAnswer>(&found)) return *refused;
  const LabMachine& machine = *std::get<const LabMachine*>(found);
  const std::string operation = ask.value("op");
  if (operation == "query_power_state") {
    // The lab has a rack in name only, as the recorded region had.
    return {503,
            kText,
            "Unable to connect to any rack controller 6e4dwe; no connections available.",
            {{"Retry-After", "10"}}};
  }
  if (operation == "power_parameters") return answer_power_parameters(ask, machine);
  if (!operation.empty()) return unknown_operation(ask);
  return json_answer(machine_json(ask.view, machine));
}

RegionAnswer answer_interfaces(const Ask& ask) {
  const auto found = machine_of_id(ask, "Node");
  if (const auto* refused = std::get_if<RegionAnswer>(&found)) return *refused;
  const LabMachine& machine = *std::get<const LabMachine*>(found);
  if (ask.parts.size() == 3) return json_answer(interfaces_json(ask.view, machine));
  for (const LabNic& nic : machine.nics) {
    if (nic.quirk == NicQuirk::gone) continue;
    if (nic.name == ask.parts[3] || std::to_string(nic.id) == ask.parts[3]) {
      return json_answer(interface_json(ask.view, machine, nic));
    }
  }
  return no_match("Interface");
}

/// By id, CIDR (its slash plain or encoded), "cidr:..." or name.
const LabPlane* find_subnet(const Ask& ask, std::string name) {
  if (name.rfind("cidr:", 0) == 0) name = name.substr(5);
  for (const LabPlane& plane : ask.view.world.planes) {
    if (plane.is_missing) continue;
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
  if (operation == "unreserved_ip_ranges") {
    return json_answer(unreserved_ip_ranges_json(ask.view, *plane));
  }
  if (operation == "statistics") {
    const bool with_ranges = ask.value("include_ranges") == "1";
    return json_answer(
        statistics_json(ask.view, *plane, with_ranges ? WithRanges::yes : WithRanges::no));
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

json::object user_json(const RegionUser& user) {
  json::object object = recorded_object(Shape::whoami);
  object["is_superuser"] = user.is_administrator;
  object["username"] = user.name;
  object["email"] = user.name + "@example.com";
  object["resource_uri"] = fmt::format("/MAAS/api/2.0/users/{}/", user.name);
  return object;
}

RegionAnswer answer_users(const Ask& ask) {
  if (ask.value("op") == "whoami") return json_answer(user_json(ask.user));
  if (!ask.value("op").empty()) return unknown_operation(ask);
  return json_answer(json::array{user_json({}), user_json({"viewer", false})});
}

RegionAnswer answer_config(const Ask& ask) {
  if (ask.value("op") != "get_config") return unknown_operation(ask);
  const std::string name = ask.value("name");
  if (name == "maas_name") return {200, "application/json", "\"LAB\"", {}, Voice::handler};
  RegionAnswer refused = field_error(
      name, fmt::format("{} is not a valid config setting (valid settings are: maas_name).",
                        printable(name)));
  refused.content_type = "application/json";
  return refused;
}

RegionAnswer answer_path(const Ask& ask) {
  const std::vector<std::string>& parts = ask.parts;
  const std::string& first = parts.front();
  const std::size_t count = parts.size();
  if (count == 1) {
    if (first == "maas") return answer_config(ask);
    const bool has_operations = first == "users" || first == "machines";
    if (!has_operations && !ask.value("op").empty()) return unknown_operation(ask);
    if (first == "users") return answer_users(ask);
    if (first == "machines") return answer_machines(ask);
    if (first == "subnets") return json_answer(subnets_json(ask.view));
    if (first == "fabrics") return json_answer(fabrics_json(ask.view));
    if (first == "rackcontrollers") return json_answer(recorded_shape(Shape::racks));
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

/// Nothing can be changed here: a write is refused as MAAS refuses it, by the user's rights and by
/// the fields that are missing or in the way. A client of ours that tried one would have a bug.
RegionAnswer answer_write(const Ask& ask) {
  const bool is_collection = ask.parts.size() == 1;
  const bool is_ranges = ask.parts.front() == "ipranges";
  if (!ask.user.is_administrator) {
    if (is_collection) return administrators_only();
    if (is_ranges)
      return {403, kText, "Unable to modify IP range. You don't own the IP range.", {}};
    return {403, kText, "", {}};
  }
  if (!is_ranges || !is_collection) return {403, kText, "", {}};
  if (ask.request.has_body) {
    const json::array conflict{"Requested reserved range conflicts with an existing range."};
    return {400,
            kJson,
            json::serialize(json::object{{"start_ip", conflict}, {"end_ip", conflict}}),
            {}};
  }
  json::object missing;
  for (const char* field : {"subnet", "type", "start_ip", "end_ip"}) {
    missing[field] = json::array{"This field is required."};
    if (std::string_view(field).ends_with("_ip")) {
      missing[field].as_array().emplace_back(
          "Start IP address and end IP address are both required.");
    }
  }
  return {400, kJson, json::serialize(missing), {}};
}

RegionAnswer version_answer(const RegionView& view) {
  json::object version = recorded_object(Shape::version);
  if (view.world.faults.maas.region == RegionQuirk::older) version["version"] = "3.4.1";
  return {200, kJson, json::serialize(version), {}, Voice::anonymous};
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

const std::string& MaasRegion::machine_text(const RegionView& view, const LabMachine& machine) {
  const MachineQuirk state = state_of(view, machine);
  const bool is_older = view.world.faults.maas.region == RegionQuirk::older;
  const std::string key = fmt::format("{} {} {} {}", machine.hostname, state.status_name,
                                      state.power, is_older ? "older" : "");
  std::string& text = machine_texts_[key];
  if (text.empty()) text = maas_text(machine_json(view, machine), 1);
  return text;
}

RegionAnswer MaasRegion::plain_answer(const RegionRequest& request, const RegionView& view) {
  const std::string& path = request.path;
  if (path == "/" || path == "/MAAS/") {
    RegionAnswer page = nginx_page(301, "Moved Permanently");
    page.headers.emplace_back("Location", "/MAAS/r/");
    return page;
  }
  if (path.rfind("/MAAS/api/1.0/", 0) == 0) {
    return {410,
            "text/plain",
            "The 1.0 API is no longer available. Please use API version 2.0.",
            {},
            Voice::urls};
  }
  if (path.rfind(kRoot, 0) != 0 || path.back() != '/') return unknown_endpoint(path);
  const bool is_ordinary = view.world.faults.maas.region == RegionQuirk::ordinary_user;
  const Ask ask{request, view, *this, parts_below_root(path),
                is_ordinary ? RegionUser{"viewer", false} : RegionUser{}};
  if (ask.parts.empty()) return unknown_endpoint(path);
  if (request.method == "HEAD" || request.method == "PATCH" || request.method == "OPTIONS") {
    return {405, "text/html; charset=utf-8", "", {{"Allow", "DELETE, GET, PUT"}}, Voice::handler};
  }
  if (ask.parts.size() == 1 && ask.parts.front() == "version" && request.method == "GET") {
    return version_answer(view);
  }
  if (std::optional<RegionAnswer> refusal = refuse(request, view)) return *refusal;
  if (request.method != "GET") return answer_write(ask);
  const std::string format = ask.value("format");
  if (!format.empty() && format != "json") {
    return {400,
            "text/plain",
            fmt::format("Invalid output format specified '{}'.", printable(format)),
            {},
            Voice::handler};
  }
  return answer_path(ask);
}

RegionAnswer MaasRegion::answer(const RegionRequest& request, const RegionView& view) {
  std::string target = request.path;
  for (const auto& [name, value] : request.query) target += "&" + name + "=" + value;
  const bool is_first = asked_.insert(target).second;
  RegionAnswer answer =
      spoiled(plain_answer(request, view), view.world.faults.maas.region, request, is_first);
  answer.latency = view.world.settings.maas_latency;
  return dressed(std::move(answer), view);
}

}  // namespace gatehouse::sim
