#include "input/bundle/decode_document.h"

#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "input/bundle/go_decoder.h"
#include "input/bundle/go_text.h"

namespace gatehouse::bundle {

namespace {

using yaml::Entry;
using yaml::Node;

constexpr std::array<std::string_view, 9> kBundleFields = {
    "bundle",    "applications", "machines", "saas",       "series",
    "relations", "default-base", "tags",     "description"};
constexpr std::array<std::string_view, 21> kApplicationFields = {
    "charm",       "channel", "revision",  "series", "base",    "resources",   "num_units",
    "scale",       "to",      "placement", "expose", "options", "annotations", "storage",
    "constraints", "devices", "bindings",  "offers", "plan",    "trust",       "exposed-endpoints"};
constexpr std::array<std::string_view, 4> kMachineFields = {"constraints", "annotations", "series",
                                                            "base"};
constexpr std::array<std::string_view, 1> kSaasFields = {"url"};
constexpr std::array<std::string_view, 2> kOfferFields = {"endpoints", "acl"};
constexpr std::array<std::string_view, 2> kExposedFields = {"expose-to-spaces", "expose-to-cidrs"};

constexpr StructType kBundleType = {"charm.bundleData", "type charm.bundleData", "bundle",
                                    kBundleFields};
constexpr StructType kApplicationType = {"charm.ApplicationSpec", "applications", "application",
                                         kApplicationFields};
constexpr StructType kMachineType = {"charm.MachineSpec", "machines", "machine", kMachineFields};
constexpr StructType kSaasType = {"charm.SaasSpec", "saas", "saas", kSaasFields};
constexpr StructType kOfferType = {"charm.OfferSpec", "type charm.OfferSpec", "offer",
                                   kOfferFields};
constexpr StructType kExposedType = {"charm.ExposedEndpointSpec", "type charm.ExposedEndpointSpec",
                                     "exposed-endpoint", kExposedFields};

// A scalar is pointed at; of a section or of nothing, its key.
Span place_of(const Entry& entry) {
  const bool is_short = entry.value->kind == yaml::Kind::scalar && !entry.value->text.empty();
  return is_short || entry.value->kind == yaml::Kind::alias ? entry.value->span : entry.key->span;
}

std::string stored_text(const json::value& value) {
  if (value.is_null()) return "";
  if (value.is_string()) return std::string(value.get_string());
  if (value.is_double()) return go_float(value.get_double());
  return json::serialize(value);
}

// One document, read once in one of the two ways.
class DocumentDecoder {
 public:
  explicit DocumentDecoder(Reading reading) : reading_(reading), go_(reading) {}

  const GoDecoder& go() const { return go_; }

  BundleData decode(const Node& root) {
    BundleData data;
    if (go_.is_null(root)) return data;
    go_.each_field(root, kBundleType, [&](std::string_view name, const Entry& entry) {
      bundle_field(data, name, entry);
    });
    return data;
  }

 private:
  void bundle_field(BundleData& data, std::string_view name, const Entry& entry) {
    if (name == "bundle") return located(data.type, entry);
    if (name == "series") return located(data.series, entry);
    if (name == "default-base") return located(data.default_base, entry);
    if (name == "applications") return applications(data, *entry.value);
    if (name == "machines") return machines(data, *entry.value);
    if (name == "saas") return saas(data, *entry.value);
    if (name == "relations") return relations(data, *entry.value);
    data.unused[std::string(name)] = place_of(entry);
    std::string ignored;
    if (name != "tags") {
      go_.into(*entry.value, ignored);
    } else if (!go_.is_null(*entry.value)) {
      go_.each_item(*entry.value, "[]string",
                    [&](const Node& item) { go_.into(item, ignored); });
    }
  }

  void located(Located<std::string>& out, const Entry& entry) {
    if (go_.into(*entry.value, out.value)) out.span = place_of(entry);
  }

  void list(std::vector<Located<std::string>>& out, const Node& node) {
    if (go_.is_null(node)) return out.clear();
    std::vector<Located<std::string>> items;
    items.reserve(yaml::resolved(node).items().size());
    const bool is_list = go_.each_item(node, "[]string", [&](const Node& item) {
      std::string text;
      if (go_.into(item, text)) items.push_back({std::move(text), item.span});
    });
    if (is_list) out = std::move(items);
  }

  /// Lays what `read(value)` makes under the key, unless it says that the type was wrong.
  template <class Map, class Read>
  static GoDecoder::Taken put(Map& map, const std::string& key, const Read& read) {
    const auto [place, is_new] = map.try_emplace(key);
    if (is_new) {
      const bool is_right = read(place->second);
      if (!is_right) map.erase(place);
      return {.is_right = is_right, .is_second = false};
    }
    typename Map::mapped_type value{};
    const bool is_right = read(value);
    if (is_right) place->second = std::move(value);
    return {.is_right = is_right, .is_second = true};
  }

  void applications(BundleData& data, const Node& node) {
    if (go_.is_null(node)) {
      data.applications.clear();
      return;
    }
    go_.each_key(node, "map[string]*charm.ApplicationSpec",
                 [&](const std::string& key, const Entry& entry) {
                   const auto taken = put(data.applications, key, [&](auto& application) {
                     return read_application(application, key, entry);
                   });
                   if (!taken.is_right) return taken;
                   if (reading_ == Reading::loose) {
                     note_null(data, key, entry);
                   } else {
                     // Read for its remarks; only its name is of use to what follows.
                     data.applications.at(key) = {};
                   }
                   return taken;
                 });
  }

  static void note_null(BundleData& data, const std::string& key, const Entry& entry) {
    if (data.applications.at(key)) {
      data.null_spans.erase(key);
    } else {
      data.null_spans[key] = entry.key->span;
    }
  }

  bool read_application(Boxed<ApplicationData>& application, const std::string& key,
                        const Entry& entry) {
    if (go_.is_null_pointer(*entry.value)) return true;
    application.emplace();
    application->application.name = key;
    application->application.span = entry.key->span;
    return go_.is_null(*entry.value) || application_fields(*application, *entry.value);
  }

  bool application_fields(ApplicationData& data, const Node& node) {
    constexpr std::size_t kUsualFields = 8;
    data.application.places.reserve(std::min(kUsualFields, node.entries().size()));
    return go_.each_field(node, kApplicationType, [&](std::string_view name, const Entry& entry) {
      data.application.places[name] = place_of(entry);
      if (!text_field(data, name, entry) && !number_field(data, name, entry)) {
        section(data, name, *entry.value);
      }
    });
  }

  bool text_field(ApplicationData& data, std::string_view name, const Entry& entry) {
    BundleApplication& application = data.application;
    std::string* out = name == "charm"       ? &application.charm
                       : name == "channel"   ? &application.channel
                       : name == "series"    ? &application.series
                       : name == "base"      ? &application.base
                       : name == "placement" ? &data.placement
                       : name == "plan"      ? &unused_
                                             : nullptr;
    if (out) {
      go_.into(*entry.value, *out);
    } else if (name == "constraints") {
      located(application.constraints, entry);
    } else if (name == "to") {
      list(application.to, *entry.value);
    } else {
      return false;
    }
    return true;
  }

  bool number_field(ApplicationData& data, std::string_view name, const Entry& entry) {
    BundleApplication& application = data.application;
    if (name == "num_units") {
      go_.into(*entry.value, application.num_units);
    } else if (name == "scale") {
      go_.into(*entry.value, data.scale);
    } else if (name == "expose") {
      go_.into(*entry.value, application.expose);
    } else if (name == "trust") {
      go_.into(*entry.value, application.trust);
    } else if (name == "revision") {
      std::int64_t revision = 0;
      application.revision.reset();
      if (!go_.is_null_pointer(*entry.value) && go_.into(*entry.value, revision)) {
        application.revision = revision;
      }
    } else {
      return false;
    }
    return true;
  }

  void section(ApplicationData& data, std::string_view name, const Node& node) {
    BundleApplication& application = data.application;
    data.sections.insert(name);
    if (go_.is_null(node)) data.sections.erase(name);
    if (name == "options") return options(application.options, node);
    if (name == "resources") return options(data.resources, node);
    if (name == "annotations") return texts(application.annotations, node);
    if (name == "bindings") return texts(application.bindings, node);
    if (name == "storage") return texts(application.storage, node);
    if (name == "devices") return texts(application.devices, node);
    if (name == "offers") return offers(application.offers, node);
    exposed_endpoints(application.exposed_endpoints, node);
  }

  void options(OptionMap& out, const Node& node) {
    if (go_.is_null(node)) return out.clear();
    go_.each_key(node, "map[string]interface {}", [&](const std::string& key, const Entry& entry) {
      return put(out, key, [&](OptionValue& option) {
        if (!go_.into(*entry.value, option.value)) return false;
        option.text = stored_text(option.value);
        option.span = place_of(entry);
        return true;
      });
    });
  }

  void texts(TextMap& out, const Node& node) {
    if (go_.is_null(node)) return out.clear();
    go_.each_key(node, "map[string]string", [&](const std::string& key, const Entry& entry) {
      return put(out, key, [&](Located<std::string>& text) {
        if (!go_.into(*entry.value, text.value)) return false;
        text.span = place_of(entry);
        return true;
      });
    });
  }

  json::array json_list(const Node& node) {
    std::vector<Located<std::string>> items;
    list(items, node);
    json::array array;
    for (const auto& item : items) array.push_back(json::string(item.value));
    return array;
  }

  void offers(json::object& out, const Node& node) {
    if (go_.is_null(node)) return out.clear();
    go_.each_key(node, "map[string]*charm.OfferSpec",
                 [&](const std::string& key, const Entry& entry) {
                   GoDecoder::Taken taken{.is_right = true, .is_second = out.contains(key)};
                   if (go_.is_null_pointer(*entry.value)) {
                     out[key] = nullptr;
                     return taken;
                   }
                   json::object offer;
                   taken.is_right = go_.is_null(*entry.value) ||
                                    go_.each_field(*entry.value, kOfferType,
                                                   [&](std::string_view name, const Entry& field) {
                                                     offer_field(offer, name, *field.value);
                                                   });
                   if (taken.is_right) out[key] = std::move(offer);
                   return taken;
                 });
  }

  void offer_field(json::object& offer, std::string_view name, const Node& node) {
    offer.erase(name);
    if (go_.is_null(node)) return;
    if (name == "endpoints") {
      offer[name] = json_list(node);
      return;
    }
    TextMap users;
    texts(users, node);
    json::object acl;
    for (const auto& [user, access] : users) acl[user] = access.value;
    offer[name] = std::move(acl);
  }

  void exposed_endpoints(json::object& out, const Node& node) {
    if (go_.is_null(node)) return out.clear();
    go_.each_key(node, "map[string]charm.ExposedEndpointSpec",
                 [&](const std::string& key, const Entry& entry) {
                   GoDecoder::Taken taken{.is_right = true, .is_second = out.contains(key)};
                   json::object endpoint;
                   taken.is_right = go_.is_null(*entry.value) ||
                                    go_.each_field(*entry.value, kExposedType,
                                                   [&](std::string_view name, const Entry& field) {
                                                     exposed_field(endpoint, name, *field.value);
                                                   });
                   if (taken.is_right) out[key] = std::move(endpoint);
                   return taken;
                 });
  }

  void exposed_field(json::object& endpoint, std::string_view name, const Node& node) {
    endpoint.erase(name);
    if (!go_.is_null(node)) endpoint[name] = json_list(node);
  }

  void machines(BundleData& data, const Node& node) {
    if (go_.is_null(node)) return data.machines.reset();
    if (!data.machines) data.machines.emplace();
    go_.each_key(node, "map[string]*charm.MachineSpec",
                 [&](const std::string& key, const Entry& entry) {
                   return put(*data.machines, key, [&](BundleMachine& machine) {
                     machine.id = key;
                     machine.span = entry.key->span;
                     return go_.is_null(*entry.value) ||
                            go_.each_field(*entry.value, kMachineType,
                                           [&](std::string_view name, const Entry& field) {
                                             machine_field(machine, name, field);
                                           });
                   });
                 });
  }

  void machine_field(BundleMachine& machine, std::string_view name, const Entry& entry) {
    if (name == "constraints") return located(machine.constraints, entry);
    if (name == "series") {
      go_.into(*entry.value, machine.series);
      return;
    }
    if (name == "base") {
      go_.into(*entry.value, machine.base);
      return;
    }
    TextMap annotations;
    texts(annotations, *entry.value);
    machine.annotations.clear();
    for (auto& [key, text] : annotations) machine.annotations[key] = std::move(text.value);
  }

  void saas(BundleData& data, const Node& node) {
    if (go_.is_null(node)) {
      data.saas.clear();
      return;
    }
    go_.each_key(node, "map[string]*charm.SaasSpec",
                 [&](const std::string& key, const Entry& entry) {
                   const auto taken = put(data.saas, key, [&](std::optional<SaasData>& remote) {
                     if (go_.is_null_pointer(*entry.value)) return true;
                     remote.emplace();
                     remote->span = entry.key->span;
                     return go_.is_null(*entry.value) ||
                            go_.each_field(*entry.value, kSaasType,
                                           [&](std::string_view, const Entry& field) {
                                             located(remote->url, field);
                                             remote->gives_url = true;
                                           });
                   });
                   if (taken.is_right) data.saas_spans[key] = entry.key->span;
                   return taken;
                 });
  }

  void relations(BundleData& data, const Node& node) {
    data.relations.clear();
    if (go_.is_null(node)) return;
    data.relations.reserve(yaml::resolved(node).items().size());
    go_.each_item(node, "[][]string", [&](const Node& item) {
      RelationData relation;
      const std::size_t remarks = go_.remarks().size();
      if (!go_.is_null(item)) {
        go_.each_item(item, "[]string", [&](const Node& end) {
          std::string text;
          if (go_.into(end, text)) relation.ends.push_back(std::move(text));
        });
      }
      const bool is_list = yaml::resolved(item).kind == yaml::Kind::sequence || go_.is_null(item);
      if (!is_list && go_.remarks().size() > remarks) return;
      relation.span = item.span;
      data.relations.push_back(std::move(relation));
    });
  }

  Reading reading_;
  GoDecoder go_;
  std::string unused_;  ///< of fields that a deploy has no use for
};

// normalizeData of the charm library: `scale` becomes num_units, `placement` becomes `to`.
std::optional<Problem> normalize(BundleData& data) {
  for (auto& [name, given] : data.applications) {
    if (!given) continue;
    BundleApplication& application = given->application;
    const auto refuse = [&](std::string text, std::string_view field) {
      return Problem{"bundle/" + std::string(field), std::move(text), application.places[field],
                     name};
    };
    if (given->scale > 0 && application.num_units > 0) {
      return refuse(
          fmt::format("cannot specify both scale and num_units for application {}", go_quote(name)),
          "scale");
    }
    if (given->scale > 0 && application.num_units == 0) {
      application.num_units = std::exchange(given->scale, 0);
      if (!application.places.contains("num_units")) {
        // A copy: the map may move while it takes the new key.
        const Span scale = application.places["scale"];
        application.places["num_units"] = scale;
      }
    }
    if (given->placement.empty()) continue;
    if (!data.is_kubernetes()) {
      return refuse(fmt::format("placement ({}) not valid for non-Kubernetes application {}",
                                given->placement, go_quote(name)),
                    "placement");
    }
    if (!application.to.empty()) {
      return refuse(
          fmt::format("cannot specify both placement and to for application {}", go_quote(name)),
          "placement");
    }
    application.to = {{std::exchange(given->placement, ""), application.places["placement"]}};
  }
  return std::nullopt;
}

std::optional<DecodeFailure> decode_document(const Node& root, Part& part) {
  DocumentDecoder loose(Reading::loose);
  part.data = loose.decode(root);
  if (loose.go().has_failed()) {
    return DecodeFailure{*loose.go().failure(), "bundle/syntax", loose.go().failure_span(), ""};
  }
  if (!loose.go().remarks().empty()) {
    part.data = BundleData{};  // One value of a wrong type, and Juju drops the whole document.
  } else if (const auto problem = normalize(part.data)) {
    return DecodeFailure{problem->text, problem->code, problem->span, ""};
  }
  if (!loose.go().leaves_remarks()) return std::nullopt;
  DocumentDecoder strict(Reading::strict);
  strict.decode(root);
  if (strict.go().has_failed()) {
    return DecodeFailure{*strict.go().failure(), "bundle/syntax", strict.go().failure_span(), ""};
  }
  part.remarks = strict.go().remarks();
  return std::nullopt;
}

}  // namespace

DecodedFile decode_file(const yaml::File& file) {
  DecodedFile decoded;
  std::size_t remarks = 0;
  for (std::size_t index = 0; index < file.documents().size(); ++index) {
    const Node* root = file.documents()[index];
    Part part;
    part.document = index;
    part.is_null = root == nullptr || GoDecoder(Reading::loose).is_null_pointer(*root);
    if (root) part.span = root->span;
    if (!part.is_null) {
      const Node& mapping = yaml::resolved(*root);
      part.has_keys = mapping.kind == yaml::Kind::mapping && !mapping.entries().empty();
      if (auto failure = decode_document(*root, part)) {
        failure->reason = failure->text;
        failure->text = fmt::format("unmarshal document {}: {}", index, failure->text);
        decoded.failure = std::move(failure);
        return decoded;
      }
    }
    if (remarks >= kRemarksMax) part.remarks.clear();
    remarks += part.remarks.size();
    decoded.parts.push_back(std::move(part));
  }
  if (const auto& error = file.error()) {
    decoded.failure = DecodeFailure{
        fmt::format("unmarshal document {}: yaml: {}", error->document, error->message),
        "bundle/syntax", error->span, error->reason};
  }
  return decoded;
}

}  // namespace gatehouse::bundle
