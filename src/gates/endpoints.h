// Relations as a bundle writes them: a side is "app" or "app:endpoint". One rule for what a side
// means, shared by the gates that ask for a relation.
#pragma once

#include <string>
#include <vector>

namespace gatehouse {

/// `perhaps` where the side names the application only, so that Juju chooses the endpoint.
enum class EndpointMatch { no, perhaps, yes };

/// `wanted` is an application, which any of its endpoints matches, or "app:endpoint".
EndpointMatch match_endpoint(const std::string& side, const std::string& wanted);

/// Both sides, either way round; the weaker of the two matches.
EndpointMatch match_relation(const std::string& first, const std::string& second,
                             const std::string& wanted_first, const std::string& wanted_second);

/// What is related to an endpoint: the other sides, of sure matches and of possible ones.
struct Partners {
  std::vector<std::string> sure;
  std::vector<std::string> possible;
};

template <class Relations>
Partners partners_of(const Relations& relations, const std::string& wanted) {
  Partners partners;
  const auto note = [&](const std::string& side, const std::string& other) {
    switch (match_endpoint(side, wanted)) {
      case EndpointMatch::no:
        return;
      case EndpointMatch::perhaps:
        partners.possible.push_back(other);
        return;
      case EndpointMatch::yes:
        partners.sure.push_back(other);
        return;
    }
  };
  for (const auto& relation : relations) {
    note(relation.first, relation.second);
    note(relation.second, relation.first);
  }
  return partners;
}

}  // namespace gatehouse
