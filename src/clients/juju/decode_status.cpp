#include "clients/juju/decode_status.h"

#include <fmt/format.h>

#include "base/json.h"
#include "base/text.h"

namespace gatehouse::juju {

namespace {

/// One walk through a document: what is read, and the names of what is not.
class StatusReader {
 public:
  explicit StatusReader(const json::value& document) : document_(document) {}
  ModelStatus read(const json::value& model);

 private:
  void unread(const std::string& part, std::string_view why) {
    status_.unread.push_back(part + ": " + printable(why));
  }
  bool is_readable(const json::value& item, const std::string& part);
  const json::object* section(std::string_view key);
  StatusValue read_value(const json::value& owner, std::string_view key, const std::string& part);
  std::vector<std::string> read_texts(const json::value& owner, std::string_view key,
                                      const std::string& part);
  void read_machine(const std::string& id, const json::value& item);
  InterfaceStatus read_interface(const json::value& item, const std::string& part);
  void read_application(const std::string& name, const json::value& item);
  void read_relations(ApplicationStatus& application, const json::value& item);
  void read_bindings(ApplicationStatus& application, const json::value& item);
  void read_units(const json::object& units, const UnitStatus* principal);

  const json::value& document_;
  ModelStatus status_;
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

const json::object* StatusReader::section(std::string_view key) {
  const json::object* members = find_object(document_, key);
  if (!members) unread(std::string(key), "an object is expected");
  return members;
}

StatusValue StatusReader::read_value(const json::value& owner, std::string_view key,
                                     const std::string& part) {
  const json::value* item = find(owner, key);
  // Go leaves an unset status as {}, and some are left out altogether.
  if (!item || item->is_null()) return {};
  if (!is_readable(*item, part + " " + std::string(key))) return {};
  return {.current = string_or_empty(*item, "current"),
          .message = string_or_empty(*item, "message"),
          .since = string_or_empty(*item, "since")};
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
  return {.addresses = read_texts(item, "ip-addresses", part),
          .mac_address = string_or_empty(item, "mac-address"),
          // Several spaces share one text, separated by blanks.
          .spaces = words_of(string_or_empty(item, "space"))};
}

void StatusReader::read_machine(const std::string& id, const json::value& item) {
  const std::string part = "machine " + id;
  if (!is_readable(item, part)) return;
  MachineStatus machine;
  machine.id = id;
  machine.agent = read_value(item, "juju-status", part);
  machine.instance = read_value(item, "machine-status", part);
  machine.hostname = string_or_empty(item, "display-name");
  if (machine.hostname.empty()) machine.hostname = string_or_empty(item, "hostname");
  machine.instance_id = string_or_empty(item, "instance-id");
  machine.addresses = read_texts(item, "ip-addresses", part);
  if (const json::object* interfaces = find_object(item, "network-interfaces")) {
    for (const auto& [name, interface] : *interfaces) {
      const std::string inner = part + " interface " + std::string(name);
      if (!is_readable(interface, inner)) continue;
      machine.interfaces[std::string(name)] = read_interface(interface, inner);
    }
  }
  status_.machines[id] = std::move(machine);
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
  ApplicationStatus application;
  application.name = name;
  // `charm` of a local charm is its URL, so the bare name comes first.
  application.charm = find_string(item, "charm-name").value_or(string_or_empty(item, "charm"));
  application.revision = find_integer(item, "charm-rev").value_or(0);
  application.channel = string_or_empty(item, "charm-channel");
  application.base = base_of(item);
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

ModelStatus StatusReader::read(const json::value& model) {
  status_.name = string_or_empty(model, "name");
  status_.controller = string_or_empty(model, "controller");
  status_.cloud = string_or_empty(model, "cloud");
  status_.version = string_or_empty(model, "version");
  if (const json::value* value = find(model, "model-status")) {
    is_readable(*value, "model " + status_.name);
  }
  if (const json::object* machines = section("machines")) {
    for (const auto& [id, machine] : *machines) read_machine(std::string(id), machine);
  }
  if (const json::object* applications = section("applications")) {
    for (const auto& [name, item] : *applications) read_application(std::string(name), item);
  }
  for (const std::string_view remote : {"application-endpoints", "offers"}) {
    if (const json::object* members = find_object(document_, remote)) {
      for (const auto& [name, item] : *members) {
        is_readable(item, std::string(remote) + " " + std::string(name));
      }
    }
  }
  return std::move(status_);
}

}  // namespace

Result<ModelStatus> decode_status(std::string_view document) {
  const Result<json::value> value = parse_json(document);
  if (!value) return fail(with_context(value.error(), "juju status"));
  const json::value* model = find(*value, "model");
  if (!model || !model->is_object()) {
    return fail(ErrorKind::malformed, "juju status: an object `model` is expected, observed none");
  }
  return StatusReader(*value).read(*model);
}

}  // namespace gatehouse::juju
