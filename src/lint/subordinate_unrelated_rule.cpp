#include <set>
#include <string>

#include <fmt/format.h>

#include "lint/relations.h"
#include "lint/rule.h"

namespace gatehouse {

namespace {

// Also those related to something of which nothing is known: it may be their principal.
std::set<std::string> attached(const LintCase& c) {
  std::set<std::string> names;
  for (const BundleRelation& relation : c.bundle.relations) {
    const RelationEnds ends = ends_of(relation, c);
    const bool is_known = ends.first.facts && ends.second.facts;
    const auto pairs = is_known ? fitting_pairs(ends) : std::vector<EndpointPair>{};
    if (is_known && !pairs.empty() && !pairs.front().is_container_scoped) continue;
    if (ends.first.application) names.insert(ends.first.application->name);
    if (ends.second.application) names.insert(ends.second.application->name);
  }
  return names;
}

void judge(const LintCase& c, Findings& findings) {
  const std::set<std::string> names = attached(c);
  for (const auto& [name, application] : c.bundle.applications) {
    const CharmFacts* facts = c.charms.find(application);
    if (!facts || !facts->is_subordinate || names.contains(name)) continue;
    findings.add({.span = application.span,
                  .subject = name,
                  .message = fmt::format("{} is a subordinate and no relation attaches it to a "
                                         "principal: it never gets a unit",
                                         name),
                  .help = "relate it to the application that it is for, or remove it"});
  }
}

}  // namespace

extern const Rule subordinate_unrelated_rule;
const Rule subordinate_unrelated_rule{
    .code = "bundle/subordinate-unrelated",
    .severity = Severity::warning,
    .summary = "a subordinate that no relation attaches to a principal",
    .judge = judge,
};

}  // namespace gatehouse
