#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "lint/relations.h"
#include "lint/rule.h"

namespace gatehouse {

namespace {

void judge(const LintCase& c, Findings& findings) {
  for (const BundleRelation& relation : c.bundle.relations) {
    const RelationEnds ends = ends_of(relation, c);
    if (!ends.first.facts || !ends.second.facts) continue;
    if (!ends.first.endpoint.empty() && !ends.second.endpoint.empty()) continue;
    const std::vector<EndpointPair> pairs = fitting_pairs(ends);
    if (pairs.size() < 2) continue;
    std::vector<std::string> shown;
    for (const EndpointPair& pair : pairs) {
      shown.push_back(fmt::format("{}:{} - {}:{}", ends.first.application->name, pair.first,
                                  ends.second.application->name, pair.second));
    }
    findings.add({.span = relation.span,
                  .subject = ends.first.application->name,
                  .message = fmt::format("{} endpoints fit, and Juju refuses to choose: {}",
                                         pairs.size(), join(shown, ", ")),
                  .help = "write the endpoint on both sides"});
  }
}

}  // namespace

extern const Rule relation_ambiguous_rule;
const Rule relation_ambiguous_rule{
    .code = "charm/relation-ambiguous",
    .severity = Severity::warning,
    .summary = "a relation without endpoints that fits in more than one way",
    .judge = judge,
};

}  // namespace gatehouse
