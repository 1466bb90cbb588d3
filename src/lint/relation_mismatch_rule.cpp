#include <string>

#include <fmt/format.h>

#include "lint/relations.h"
#include "lint/rule.h"

namespace gatehouse {

namespace {

std::string side(const RelationEnd& end) {
  if (end.endpoint.empty()) return fmt::format("{} (any endpoint)", end.written);
  const auto found = end.facts->endpoints.find(end.endpoint);
  if (found == end.facts->endpoints.end()) return end.written;
  const CharmEndpoint& endpoint = found->second;
  const char* role = endpoint.role == EndpointRole::provides ? "provides"
                     : endpoint.role == EndpointRole::needs  ? "requires"
                                                             : "is a peer endpoint of";
  return fmt::format("{} {} {}", end.written, role, endpoint.interface);
}

bool is_named_well(const RelationEnd& end) {
  if (end.endpoint.empty()) return end.facts->is_complete;
  // An endpoint that the charm does not have is another rule's finding.
  return end.facts->endpoint_names.listed.contains(end.endpoint) ||
         end.facts->endpoint_names.elsewhere.contains(end.endpoint);
}

void judge(const LintCase& c, Findings& findings) {
  for (const BundleRelation& relation : c.bundle.relations) {
    const RelationEnds ends = ends_of(relation, c);
    if (!ends.first.facts || !ends.second.facts) continue;
    if (!is_named_well(ends.first) || !is_named_well(ends.second)) continue;
    if (!fitting_pairs(ends).empty()) continue;
    const bool is_certain = is_same_track(*ends.first.facts, *ends.first.application) &&
                            is_same_track(*ends.second.facts, *ends.second.application);
    findings.add({.span = relation.span,
                  .subject = ends.first.application->name,
                  .message = fmt::format("the two ends do not fit: {}, and {}", side(ends.first),
                                         side(ends.second)),
                  .help = "a relation needs one end that provides and one that requires the same "
                          "interface",
                  .severity = is_certain ? Severity::error : Severity::warning});
  }
}

}  // namespace

extern const Rule relation_mismatch_rule;
const Rule relation_mismatch_rule{
    .code = "charm/relation-mismatch",
    .severity = Severity::error,
    .summary = "the two ends of a relation differ in interface, or have the same role",
    .judge = judge,
};

}  // namespace gatehouse
