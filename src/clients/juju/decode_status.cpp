#include "clients/juju/decode_status.h"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "base/json_cursor.h"
#include "base/text.h"

namespace gatehouse::juju {

namespace {

using Names = std::span<const std::string_view>;

// Every member that Juju 2.9 to 4.0 is known to write, sorted. Source: cmd/juju/status of 2.9.52,
// 3.6.28 and 4.0.15, and the recorded documents.
constexpr std::array<std::string_view, 8> kSections = {"application-endpoints",
                                                       "applications",
                                                       "branches",
                                                       "controller",
                                                       "machines",
                                                       "model",
                                                       "offers",
                                                       "storage"};
constexpr std::array<std::string_view, 10> kModel = {
    "cloud",  "controller", "meter-status", "model-status",      "name",
    "region", "sla",        "type",         "upgrade-available", "version"};
constexpr std::array<std::string_view, 19> kMachine = {"base",
                                                       "constraints",
                                                       "containers",
                                                       "controller-cluster-role",
                                                       "controller-member-status",
                                                       "display-name",
                                                       "dns-name",
                                                       "ha-primary",
                                                       "hardware",
                                                       "hostname",
                                                       "instance-id",
                                                       "ip-addresses",
                                                       "juju-status",
                                                       "lxd-profiles",
                                                       "machine-status",
                                                       "modification-status",
                                                       "network-interfaces",
                                                       "series",
                                                       "status-error"};
constexpr std::array<std::string_view, 7> kInterface = {
    "dns-nameservers", "gateway", "ip-addresses", "is-up", "mac-address", "space", "status-error"};
constexpr std::array<std::string_view, 23> kApplication = {"address",
                                                           "application-status",
                                                           "base",
                                                           "can-upgrade-to",
                                                           "charm",
                                                           "charm-channel",
                                                           "charm-name",
                                                           "charm-origin",
                                                           "charm-profile",
                                                           "charm-rev",
                                                           "charm-version",
                                                           "endpoint-bindings",
                                                           "exposed",
                                                           "life",
                                                           "os",
                                                           "provider-id",
                                                           "relations",
                                                           "scale",
                                                           "series",
                                                           "status-error",
                                                           "subordinate-to",
                                                           "units",
                                                           "version"};
constexpr std::array<std::string_view, 13> kUnit = {
    "address",      "branch",         "juju-status",    "leader",         "machine",
    "meter-status", "open-ports",     "provider-id",    "public-address", "status-error",
    "subordinates", "upgrading-from", "workload-status"};
constexpr std::array<std::string_view, 7> kStatus = {"current", "life",         "message", "reason",
                                                     "since",   "status-error", "version"};

/// One walk through a document: what is read, and the names of what is not.
class StatusReader {
 public:
  Result<void> read_section(std::string_view section, JsonCursor& document);
  /// Nothing where there was no `model` object.
  std::optional<ModelStatus> finish();

 private:
  void read_whole(std::string_view section, const json::value& value);
  void unread(const std::string& part, std::string_view why) {
    status_.unread.push_back(part + ": " + printable(why));
  }
  void note_unknown(const json::value& item, Names known, std::string_view what);
  bool is_readable(const json::value& item, const std::string& part);
  void read_model(const json::value& model);
  StatusValue read_value(const json::value& owner, std::string_view key, const std::string& part);
  std::vector<std::string> read_texts(const json::value& owner, std::string_view key,
                                      const std::string& part);
  void read_machine(const std::string& id, const json::value& item);
  InterfaceStatus read_interface(const json::value& item, const std::string& part);
  void read_application(const std::string& name, const json::value& item);
  void read_relations(ApplicationStatus& application, const json::value& item);
  void read_bindings(ApplicationStatus& application, const json::value& item);
  void read_units(const json::object& units, const UnitStatus* principal);
  void read_remotes(const json::object& remotes);

  ModelStatus status_;
  bool has_model_ = false;
  std::set<std::string, std::less<>> sections_;
  std::set<std::string, std::less<>> unknown_;
};

std::string application_of(std::string_view unit) {
  return std::string(unit.substr(0, unit.find('/')));
}

/// "ubuntu@22.04" since 3.0; the series alone before.
std::string base_of(const json::value& item) {
  const json::value* base = find(item, "base");
  if (!base) return string_or_empty(item, "series");
  return string_or_empty(*base, "name") + "@" + string_or_empty(*base, "channel");
}

StatusValue value_of(const json::value& item) {
  return {.current = string_or_empty(item, "current"),
          .message = string_or_empty(item, "message"),
          .since = string_or_empty(item, "since"),
          .life = string_or_empty(item, "life")};
}

// An object whose status the server could not tell is replaced by {"status-error": "..."}.
bool StatusReader::is_readable(const json::value& item, const std::string& part) {
  if (!item.is_object()) {
    unread(part, "an object is expected");
    return false;
  }
  if (const auto text = find_string(item, "status-error")) {
    unread(part, "status-error: " + *text);
    return false;
  }
  return true;
}

// A member that nobody here knows is no error: a newer Juju may say more. It is named once.
void StatusReader::note_unknown(const json::value& item, Names known, std::string_view what) {
  for (const auto& member : item.get_object()) {
    const std::string_view key = member.key();
    // One after the other: most differ in length already, and this is asked for each member.
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    unknown_.insert(fmt::format("{}.{}", what, printable(key)));
  }
}

StatusValue StatusReader::read_value(const json::value& owner, std::string_view key,
                                     const std::string& part) {
  const json::value* item = find(owner, key);
  // Go leaves an unset status as {}, and some are left out altogether.
  if (!item || item->is_null()) return {};
  if (!is_readable(*item, part + " " + std::string(key))) return {};
  note_unknown(*item, kStatus, key);
  return value_of(*item);
}

std::vector<std::string> StatusReader::read_texts(const json::value& owner, std::string_view key,
                                                  const std::string& part) {
  std::vector<std::string> texts;
  const json::value* item = find(owner, key);
  if (!item || item->is_null()) return texts;
  const json::array* list = item->if_array();
  if (!list) {
    unread(part + " " + std::string(key), "a list is expected");
    return texts;
  }
  for (const json::value& entry : *list) {
    if (entry.is_string()) {
      texts.emplace_back(entry.get_string());
    } else {
      unread(part + " " + std::string(key), "a text is expected");
    }
  }
  return texts;
}

InterfaceStatus StatusReader::read_interface(const json::value& item, const std::string& part) {
  note_unknown(item, kInterface, "interface");
  return {.addresses = read_texts(item, "ip-addresses", part),
          .mac_address = string_or_empty(item, "mac-address"),
          // Several spaces share one text, separated by blanks.
          .spaces = words_of(string_or_empty(item, "space"))};
}

void StatusReader::read_machine(const std::string& id, const json::value& item) {
  const std::string part = "machine " + id;
  if (!is_readable(item, part)) return;
  note_unknown(item, kMachine, "machine");
  MachineStatus machine;
  machine.id = id;
  machine.agent = read_value(item, "juju-status", part);
  machine.instance = read_value(item, "machine-status", part);
  machine.modification = read_value(item, "modification-status", part);
  machine.hostname = string_or_empty(item, "display-name");
  if (machine.hostname.empty()) machine.hostname = string_or_empty(item, "hostname");
  machine.instance_id = string_or_empty(item, "instance-id");
  machine.addresses = read_texts(item, "ip-addresses", part);
  if (const json::object* interfaces = find_object(item, "network-interfaces")) {
    for (const auto& [name, interface] : *interfaces) {
      const std::string inner = part + " interface " + std::string(name);
      if (!is_readable(interface, inner)) continue;
      // Juju writes names in order, so each belongs at the end.
      machine.interfaces.insert_or_assign(machine.interfaces.end(), std::string(name),
                                          read_interface(interface, inner));
    }
  }
  status_.machines.insert_or_assign(status_.machines.end(), id, std::move(machine));
  if (const json::object* containers = find_object(item, "containers")) {
    for (const auto& [inner, container] : *containers) read_machine(std::string(inner), container);
  }
}

// Values were names up to 3.1.2 and are objects since 3.1.3; an endpoint may have none.
void StatusReader::read_relations(ApplicationStatus& application, const json::value& item) {
  const json::object* relations = find_object(item, "relations");
  if (!relations) return;
  for (const auto& [endpoint, others] : *relations) {
    const std::string part =
        fmt::format("application {} relation {}", application.name, std::string_view(endpoint));
    const json::array* list = others.if_array();
    if (!list) {
      if (!others.is_null()) unread(part, "a list is expected");
      continue;
    }
    for (const json::value& other : *list) {
      RelationStatus relation{
          .endpoint = endpoint, .application = {}, .interface = {}, .scope = {}};
      if (other.is_string()) {
        relation.application = std::string(other.get_string());
      } else if (const auto name = find_string(other, "related-application")) {
        relation.application = *name;
        relation.interface = string_or_empty(other, "interface");
        relation.scope = string_or_empty(other, "scope");
      } else {
        unread(part, "a name, or an object with related-application, is expected");
        continue;
      }
      application.relations.push_back(std::move(relation));
    }
  }
}

void StatusReader::read_bindings(ApplicationStatus& application, const json::value& item) {
  const json::object* bindings = find_object(item, "endpoint-bindings");
  if (!bindings) return;
  for (const auto& [endpoint, space] : *bindings) {
    if (space.is_string()) {
      application.endpoint_bindings[std::string(endpoint)] = std::string(space.get_string());
    } else {
      unread(fmt::format("application {} binding {}", application.name, std::string_view(endpoint)),
             "a text is expected");
    }
  }
}

void StatusReader::read_application(const std::string& name, const json::value& item) {
  const std::string part = "application " + name;
  if (!is_readable(item, part)) return;
  note_unknown(item, kApplication, "application");
  ApplicationStatus application;
  application.name = name;
  // `charm` of a local charm is its URL, so the bare name comes first.
  application.charm = find_string(item, "charm-name").value_or(string_or_empty(item, "charm"));
  application.revision = find_integer(item, "charm-rev").value_or(0);
  application.channel = string_or_empty(item, "charm-channel");
  application.base = base_of(item);
  application.life = string_or_empty(item, "life");
  application.status = read_value(item, "application-status", part);
  application.subordinate_to = read_texts(item, "subordinate-to", part);
  read_bindings(application, item);
  read_relations(application, item);
  status_.applications[name] = std::move(application);
  if (const json::object* units = find_object(item, "units")) read_units(*units, nullptr);
}

// Subordinates stand below their principals and have no machine of their own.
void StatusReader::read_units(const json::object& units, const UnitStatus* principal) {
  for (const auto& [name, item] : units) {
    const std::string part = "unit " + std::string(name);
    if (!is_readable(item, part)) continue;
    note_unknown(item, kUnit, "unit");
    UnitStatus unit;
    unit.name = std::string(name);
    unit.application = application_of(unit.name);
    unit.machine = principal ? principal->machine : string_or_empty(item, "machine");
    unit.principal = principal ? principal->name : "";
    unit.workload = read_value(item, "workload-status", part);
    unit.agent = read_value(item, "juju-status", part);
    unit.is_leader = find_bool(item, "leader").value_or(false);
    unit.public_address = string_or_empty(item, "public-address");
    const json::object* subordinates = find_object(item, "subordinates");
    if (subordinates && !principal) read_units(*subordinates, &unit);
    status_.units[unit.name] = std::move(unit);
  }
}

void StatusReader::read_model(const json::value& model) {
  if (!model.is_object()) return;
  has_model_ = true;
  note_unknown(model, kModel, "model");
  status_.name = string_or_empty(model, "name");
  status_.controller = string_or_empty(model, "controller");
  status_.cloud = string_or_empty(model, "cloud");
  status_.version = string_or_empty(model, "version");
  const json::value* value = find(model, "model-status");
  if (value && is_readable(*value, "model " + status_.name)) status_.status = value_of(*value);
}

void StatusReader::read_remotes(const json::object& remotes) {
  for (const auto& [name, item] : remotes) {
    const std::string part = "application-endpoints " + std::string(name);
    if (!is_readable(item, part)) continue;
    status_.remotes[std::string(name)] = read_value(item, "application-status", part);
  }
}

void StatusReader::read_whole(std::string_view section, const json::value& value) {
  if (section == "model") {
    read_model(value);
  } else if (section == "machines" || section == "applications") {
    unread(std::string(section), "an object is expected");
  } else if (const json::object* members = value.if_object()) {
    if (section == "application-endpoints") read_remotes(*members);
    if (section != "offers") return;
    for (const auto& [offer, item] : *members) is_readable(item, "offers " + std::string(offer));
  }
}

// Machines and applications are most of a document: each is read and forgotten.
Result<void> StatusReader::read_section(std::string_view section, JsonCursor& document) {
  sections_.emplace(section);
  const bool is_large = section == "machines" || section == "applications";
  if (!is_large || document.kind() != JsonCursor::Kind::object) {
    const auto value = document.read();
    if (!value) return fail(value.error());
    read_whole(section, **value);
    return {};
  }
  return document.for_each_member([&](std::string_view name) -> Result<void> {
    const auto part = document.read();
    if (!part) return fail(part.error());
    if (section == "machines") {
      read_machine(std::string(name), **part);
    } else {
      read_application(std::string(name), **part);
    }
    return {};
  });
}

std::optional<ModelStatus> StatusReader::finish() {
  if (!has_model_) return std::nullopt;
  for (const std::string_view needed : {"machines", "applications"}) {
    if (!sections_.contains(needed)) unread(std::string(needed), "an object is expected");
  }
  for (const std::string& section : sections_) {
    if (!std::binary_search(kSections.begin(), kSections.end(), section)) {
      unknown_.insert(printable(section));
    }
  }
  status_.unknown.assign(unknown_.begin(), unknown_.end());
  return std::move(status_);
}

}  // namespace

Result<ModelStatus> decode_status(std::string_view document) {
  JsonCursor cursor(document);
  StatusReader reader;
  Result<void> read;
  if (cursor.kind() == JsonCursor::Kind::object) {
    read = cursor.for_each_member(
        [&](std::string_view section) { return reader.read_section(section, cursor); });
  } else if (const auto value = cursor.read(); !value) {
    read = fail(value.error());
  }
  if (read) read = cursor.finish();
  if (!read) return fail(with_context(read.error(), "juju status"));
  std::optional<ModelStatus> status = reader.finish();
  if (!status) {
    return fail(ErrorKind::malformed, "juju status: an object `model` is expected, observed none");
  }
  return std::move(*status);
}

}  // namespace gatehouse::juju
