#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "plan/plan_builder.h"

namespace gatehouse::planning {

namespace {

// "$deploy-1:x" for "a:x".
std::string end_argument(const State& state, Number deploy, const std::string& end) {
  const std::size_t colon = std::min(end.find(':'), end.size());
  return state.changes.placeholder(deploy) + end.substr(colon);
}

void add_offer(State& state, const BundleApplication& application, const std::string& name,
               const json::object& offer) {
  const Number deploy = state.end_of(application.name);
  json::array endpoints;
  std::vector<std::string> words;
  if (const json::value* given = offer.if_contains("endpoints")) endpoints = given->get_array();
  for (const json::value& endpoint : endpoints) words.emplace_back(endpoint.get_string());
  const auto args = [&] {
    json::object made{{"application", application.name}, {"offer-name", name}};
    made["endpoints"] = endpoints;
    return made;
  };
  const Number created = state.changes.add("createOffer", args, {deploy});
  state.changes.describe(created, fmt::format("create offer {} using {}:{}", name, application.name,
                                              join(words, ",")));
  const json::value* users = offer.if_contains("acl");
  if (!users) return;
  for (const auto& user : users->get_object()) {
    const std::string who(user.key());
    const std::string access(user.value().get_string());
    const Number grant = state.changes.add(
        "grantOfferAccess",
        [&] { return json::object{{"user", who}, {"access", access}, {"offer", name}}; },
        {created});
    state.changes.describe(grant,
                           fmt::format("grant user {} {} access to offer {}", who, access, name));
  }
}

}  // namespace

// Juju walks maps here, so its order is random; ours is by name.
void add_offers(State& state) {
  for (const auto& [name, url] : state.bundle.saas) {
    const auto args = [&remote = name, &offer = url] {
      json::object made{{"application-name", remote}};
      put(made, "url", offer);
      return made;
    };
    const Number consume = state.changes.add("consumeOffer", args, {});
    state.changes.describe(consume, fmt::format("consume offer {} at {}", name, url));
    state.offers[name] = consume;
  }
  for (const auto& [name, application] : state.bundle.applications) {
    for (const auto& offer : application.offers) {
      if (!offer.value().is_object()) continue;
      add_offer(state, application, std::string(offer.key()), offer.value().get_object());
    }
  }
}

void add_relations(State& state) {
  const auto application_in = [](const std::string& end) {
    return std::string_view(end).substr(0, end.find(':'));
  };
  for (const BundleRelation& relation : state.bundle.relations) {
    const Number first = state.end_of(application_in(relation.first));
    const Number second = state.end_of(application_in(relation.second));
    const auto args = [&] {
      return json::object{{"endpoint1", end_argument(state, first, relation.first)},
                          {"endpoint2", end_argument(state, second, relation.second)}};
    };
    const Number related = state.changes.add("addRelation", args, {first, second});
    state.changes.describe(related,
                           text_of({"add relation ", relation.first, " - ", relation.second}));
  }
}

}  // namespace gatehouse::planning
