#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "plan/plan_builder.h"

namespace gatehouse::planning {

namespace {

// "$deploy-1:x" for "a:x".
std::string end_argument(const State& state, const std::string& end) {
  const std::string application = application_of(end);
  return state.changes.placeholder(state.ends.at(application)) + end.substr(application.size());
}

void add_offer(State& state, const BundleApplication& application, const std::string& name,
               const json::object& offer) {
  const Number deploy = state.ends.at(application.name);
  json::array endpoints;
  std::vector<std::string> words;
  if (const json::value* given = offer.if_contains("endpoints")) endpoints = given->get_array();
  for (const json::value& endpoint : endpoints) words.emplace_back(endpoint.get_string());
  const std::string line =
      fmt::format("create offer {} using {}:{}", name, application.name, join(words, ","));
  json::object args{{"application", application.name}, {"offer-name", name}};
  args["endpoints"] = endpoints;
  const Number created = state.changes.add("createOffer", std::move(args), {line}, {deploy});
  const json::value* users = offer.if_contains("acl");
  if (!users) return;
  for (const auto& user : users->get_object()) {
    const std::string who(user.key());
    const std::string access(user.value().get_string());
    state.changes.add("grantOfferAccess", {{"user", who}, {"access", access}, {"offer", name}},
                      {fmt::format("grant user {} {} access to offer {}", who, access, name)},
                      {created});
  }
}

}  // namespace

// Juju walks maps here, so its order is random; ours is by name.
void add_offers(State& state) {
  for (const auto& [name, url] : state.bundle.saas) {
    json::object args{{"application-name", name}};
    put(args, "url", url);
    state.ends[name] = state.changes.add("consumeOffer", std::move(args),
                                         {fmt::format("consume offer {} at {}", name, url)}, {});
  }
  for (const auto& [name, application] : state.bundle.applications) {
    for (const auto& offer : application.offers) {
      if (!offer.value().is_object()) continue;
      add_offer(state, application, std::string(offer.key()), offer.value().get_object());
    }
  }
}

void add_relations(State& state) {
  for (const BundleRelation& relation : state.bundle.relations) {
    const std::vector<Number> needs = {state.ends.at(application_of(relation.first)),
                                       state.ends.at(application_of(relation.second))};
    state.changes.add("addRelation",
                      {{"endpoint1", end_argument(state, relation.first)},
                       {"endpoint2", end_argument(state, relation.second)}},
                      {fmt::format("add relation {} - {}", relation.first, relation.second)},
                      needs);
  }
}

}  // namespace gatehouse::planning
