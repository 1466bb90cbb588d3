#include "clients/juju/decode_lists.h"

#include <cctype>

#include <fmt/format.h>

#include "base/json.h"
#include "base/text.h"

namespace gatehouse::juju {

namespace {

Result<json::value> parse(std::string_view out, std::string_view command) {
  Result<json::value> value = parse_json(out);
  if (!value) return fail(with_context(value.error(), fmt::format("juju {}", command)));
  if (!value->is_object()) {
    return fail(ErrorKind::malformed, fmt::format("juju {}: an object is expected", command));
  }
  return value;
}

std::string text_at(const json::value& item, std::string_view member, std::string_view key) {
  const json::value* inner = find(item, member);
  return inner ? string_or_empty(*inner, key) : std::string{};
}

bool is_blank(std::string_view out) {
  return out.find_first_not_of(" \t\r\n") == std::string::npos;
}

Result<JujuModel> decode_model(const json::value& item) {
  JujuModel model;
  model.owner = string_or_empty(item, "owner");
  model.name = string_or_empty(item, "short-name");
  // "owner/model"; 4.0 has no owner of its own.
  const std::string full = string_or_empty(item, "name");
  const auto slash = full.find('/');
  if (model.name.empty()) model.name = slash == full.npos ? full : full.substr(slash + 1);
  if (model.owner.empty() && slash != full.npos) model.owner = full.substr(0, slash);
  if (model.name.empty()) {
    return fail(ErrorKind::malformed, "juju models: an entry without a name");
  }
  model.uuid = string_or_empty(item, "model-uuid");
  model.life = string_or_empty(item, "life");
  model.status = text_at(item, "status", "current");
  model.cloud = string_or_empty(item, "cloud");
  model.credential = text_at(item, "credential", "name");
  return model;
}

}  // namespace

Result<JujuClient> decode_version(std::string_view out) {
  const auto lines = lines_of(out);
  std::string_view word = lines.empty() ? std::string_view{} : trim(lines.front());
  if (word.size() >= 2 && word.front() == '"' && word.back() == '"') {
    word = word.substr(1, word.size() - 2);
  }
  const bool is_number = !word.empty() && std::isdigit(static_cast<unsigned char>(word.front())) &&
                         word.find('.') != std::string_view::npos;
  if (!is_number) {
    return fail(ErrorKind::malformed,
                "juju version: a version as 3.6.28-genericlinux-amd64 is "
                "expected, observed " +
                    printable(word.substr(0, 60)));
  }
  return JujuClient{.version = printable(word.substr(0, 100))};
}

Result<std::optional<ControllerEntry>> decode_controller(std::string_view out,
                                                         const std::string& name) {
  if (is_blank(out)) return std::optional<ControllerEntry>{};
  const Result<json::value> value = parse(out, "controllers");
  if (!value) return fail(value.error());
  const json::value* controllers = find(*value, "controllers");
  if (controllers && controllers->is_null()) return std::optional<ControllerEntry>{};
  if (!controllers || !controllers->is_object()) {
    return fail(ErrorKind::malformed, "juju controllers: an object `controllers` is expected");
  }
  const json::value* entry = find(*controllers, name);
  if (!entry) return std::optional<ControllerEntry>{};
  ControllerEntry read{.uuid = string_or_empty(*entry, "uuid"),
                       .user = string_or_empty(*entry, "user"),
                       .agent_version = string_or_empty(*entry, "agent-version")};
  if (read.uuid.empty()) read.uuid = string_or_empty(*entry, "controller-uuid");
  return std::optional<ControllerEntry>(std::move(read));
}

Result<std::optional<Whoami>> decode_whoami(std::string_view out) {
  if (is_blank(out)) return std::optional<Whoami>{};
  const Result<json::value> value = parse(out, "whoami");
  if (!value) return fail(value.error());
  const auto user = find_string(*value, "user");
  if (!user || user->empty()) return std::optional<Whoami>{};
  return std::optional<Whoami>{
      Whoami{.controller = string_or_empty(*value, "controller"), .user = *user}};
}

Result<std::vector<JujuModel>> decode_models(std::string_view out) {
  const Result<json::value> value = parse(out, "models");
  if (!value) return fail(value.error());
  const json::array* list = find_array(*value, "models");
  if (!list) return fail(ErrorKind::malformed, "juju models: a list `models` is expected");
  std::vector<JujuModel> models;
  for (const json::value& item : *list) {
    Result<JujuModel> model = decode_model(item);
    if (!model) return fail(model.error());
    models.push_back(std::move(*model));
  }
  return models;
}

Result<JujuModel> decode_show_model(std::string_view out, const std::string& name) {
  const Result<json::value> value = parse(out, "show-model");
  if (!value) return fail(value.error());
  const json::value* entry = find(*value, name);
  if (!entry) return fail(ErrorKind::not_found, "juju show-model: it tells of no model " + name);
  if (!entry->is_object()) return fail(ErrorKind::malformed, "juju show-model: no object");
  return decode_model(*entry);
}

Result<std::vector<JujuSpace>> decode_spaces(std::string_view out) {
  std::vector<JujuSpace> spaces;
  if (is_blank(out)) return spaces;
  const Result<json::value> value = parse(out, "spaces");
  if (!value) return fail(value.error());
  const json::array* list = find_array(*value, "spaces");
  if (!list) return fail(ErrorKind::malformed, "juju spaces: a list `spaces` is expected");
  for (const json::value& item : *list) {
    const auto name = find_string(item, "name");
    if (!name) return fail(ErrorKind::malformed, "juju spaces: an entry without a name");
    JujuSpace space{.name = *name, .cidrs = {}};
    if (const json::object* subnets = find_object(item, "subnets")) {
      for (const auto& subnet : *subnets) space.cidrs.emplace_back(subnet.key());
    }
    spaces.push_back(std::move(space));
  }
  return spaces;
}

}  // namespace gatehouse::juju
