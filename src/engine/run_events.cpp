#include "engine/run_events.h"

namespace gatehouse {

namespace {

// "juju exec" or "juju ssh": by which way it was asked.
std::string first_words(const std::string& locator) {
  const std::size_t second = locator.find(' ', locator.find(' ') + 1);
  return locator.substr(0, second);
}

json::object lookup_body(const std::string& machine, const Observation<NameLookup>& seen) {
  const NameLookup& lookup = *seen.value();
  json::array resolved, unresolved;
  for (const auto& [name, is_resolved] : lookup.resolved) {
    (is_resolved ? resolved : unresolved).emplace_back(name);
  }
  return {{"machine", machine},
          {"at", to_rfc3339(lookup.at)},
          {"way", first_words(seen.evidence().locator)},
          {"resolved", std::move(resolved)},
          {"unresolved", std::move(unresolved)},
          {"resolvers", json::array(lookup.resolvers.begin(), lookup.resolvers.end())},
          {"tries", lookup.tries}};
}

}  // namespace

bool is_done(const json::object& step_finished) {
  const std::string end = string_or_empty(step_finished, "end");
  return end == "holds" || end == "adopted";
}

json::object lookups_body(const Lookups& before, const Lookups& now) {
  json::array lookups;
  for (const auto& [machine, seen] : now) {
    const NameLookup* lookup = seen.value();
    if (!lookup) continue;
    const auto former = before.find(machine);
    const NameLookup* old = former == before.end() ? nullptr : former->second.value();
    if (old && old->resolved == lookup->resolved && old->resolvers == lookup->resolvers) continue;
    lookups.push_back(lookup_body(machine, seen));
  }
  return lookups.empty() ? json::object() : json::object{{"lookups", std::move(lookups)}};
}

}  // namespace gatehouse
