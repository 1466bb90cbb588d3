#include "lint/charm_catalogue.h"

#include <array>
#include <cstdlib>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"

extern "C" {
extern const char gatehouse_data_charms_catalogue_json_begin[];
extern const char gatehouse_data_charms_catalogue_json_end[];
}

namespace gatehouse {

namespace {

CharmEndpoint endpoint_of(const json::value& value, EndpointRole role) {
  return {.role = role,
          .interface = string_or_empty(value, "interface"),
          .is_container_scoped = string_or_empty(value, "scope") == "container"};
}

EndpointRole role_of(const std::string& text) {
  if (text == "provides") return EndpointRole::provides;
  return text == "peers" ? EndpointRole::peers : EndpointRole::needs;
}

void add_endpoints(CharmFacts& facts, const json::object& entry) {
  static constexpr std::array<const char*, 3> kRoles{"provides", "requires", "peers"};
  for (const char* role : kRoles) {
    const json::object* endpoints = find_object(entry, role);
    if (!endpoints) continue;
    for (const auto& member : *endpoints) {
      facts.endpoints[std::string(member.key())] = endpoint_of(member.value(), role_of(role));
    }
  }
}

// The catalogue has names as an array, or as an object from name to type.
void add_names(std::set<std::string>& names, const json::object& entry, const char* key) {
  const json::value* given = find(entry, key);
  if (!given) return;
  if (const json::array* list = given->if_array()) {
    for (const json::value& name : *list) {
      if (name.is_string()) names.insert(std::string(name.get_string()));
    }
  } else if (const json::object* members = given->if_object()) {
    for (const auto& member : *members) names.insert(std::string(member.key()));
  }
}

void add_endpoints_elsewhere(CharmFacts& facts, const json::object& elsewhere) {
  const json::object* endpoints = find_object(elsewhere, "endpoints");
  if (!endpoints) return;
  for (const auto& member : *endpoints) {
    const json::array* variants = member.value().if_array();
    if (!variants) continue;
    auto& known = facts.endpoints_elsewhere[std::string(member.key())];
    for (const json::value& variant : *variants) {
      known.push_back(endpoint_of(variant, role_of(string_or_empty(variant, "role"))));
    }
  }
}

void add_all_names(CharmFacts& facts, const json::object& entry) {
  add_names(facts.options.listed, entry, "options");
  add_names(facts.resources.listed, entry, "resources");
  add_names(facts.storage.listed, entry, "storage");
  add_names(facts.bindings.listed, entry, "extra-bindings");
  facts.bindings.listed.insert("");
  for (const auto& [name, endpoint] : facts.endpoints) {
    facts.endpoint_names.listed.insert(name);
    facts.bindings.listed.insert(name);
  }
  const json::object* elsewhere = find_object(entry, "elsewhere");
  if (!elsewhere) return;
  add_endpoints_elsewhere(facts, *elsewhere);
  add_names(facts.options.elsewhere, *elsewhere, "options");
  add_names(facts.resources.elsewhere, *elsewhere, "resources");
  add_names(facts.storage.elsewhere, *elsewhere, "storage");
  add_names(facts.bindings.elsewhere, *elsewhere, "extra-bindings");
  for (const auto& [name, variants] : facts.endpoints_elsewhere) {
    facts.endpoint_names.elsewhere.insert(name);
    facts.bindings.elsewhere.insert(name);
  }
}

CharmFacts facts_of(std::string name, const json::object& entry) {
  CharmFacts facts;
  facts.name = std::move(name);
  facts.channel = string_or_empty(entry, "channel");
  facts.is_complete = find_bool(entry, "complete").value_or(false);
  facts.is_subordinate = find_bool(entry, "subordinate").value_or(false);
  // Every charm provides it, also where its metadata does not say so.
  facts.endpoints["juju-info"] = {.role = EndpointRole::provides, .interface = "juju-info"};
  add_endpoints(facts, entry);
  add_all_names(facts, entry);
  return facts;
}

}  // namespace

Result<CharmCatalogue> CharmCatalogue::parse(std::string_view text) {
  Result<json::value> document = parse_json(text);
  if (!document) return fail(with_context(document.error(), "reading the charm catalogue"));
  const json::object* entries = document->if_object();
  if (!entries) return fail(ErrorKind::malformed, "the charm catalogue is no object", "");
  CharmCatalogue catalogue;
  for (const auto& member : *entries) {
    const json::object* entry = member.value().if_object();
    if (!entry) {
      return fail(ErrorKind::malformed,
                  fmt::format("the charm catalogue's entry {} is no object",
                              printable(std::string_view(member.key()))),
                  "");
    }
    const std::string name(member.key());
    catalogue.charms_.emplace(name, facts_of(name, *entry));
  }
  return catalogue;
}

const CharmCatalogue& CharmCatalogue::embedded() {
  static const Result<CharmCatalogue> kCatalogue = parse(std::string_view(
      gatehouse_data_charms_catalogue_json_begin, gatehouse_data_charms_catalogue_json_end));
  if (!kCatalogue) std::abort();  // a file of the program itself cannot be read
  return *kCatalogue;
}

const CharmFacts* CharmCatalogue::find(const std::string& charm) const {
  const auto found = charms_.find(charm);
  return found == charms_.end() ? nullptr : &found->second;
}

const CharmFacts* CharmCatalogue::find(const BundleApplication& application) const {
  return application.has_local_charm() ? nullptr : find(application.charm_name());
}

std::string track_of(const std::string& channel) {
  static const std::set<std::string> kRisks{"stable", "candidate", "beta", "edge"};
  std::string first = channel.substr(0, channel.find('/'));
  return kRisks.contains(first) ? "latest" : first;
}

bool is_same_track(const CharmFacts& facts, const BundleApplication& application) {
  const std::string track = track_of(application.channel);
  return !track.empty() && track == track_of(facts.channel);
}

Standing standing_of(const std::string& name, const CharmNames& names, const CharmFacts& facts,
                     const BundleApplication& application) {
  if (names.listed.contains(name)) return Standing::listed;
  if (names.elsewhere.contains(name)) return Standing::elsewhere;
  if (!facts.is_complete) return Standing::not_known;
  return is_same_track(facts, application) ? Standing::absent : Standing::doubtful;
}

}  // namespace gatehouse
