#include "lint/charm_names.h"
#include "lint/places.h"
#include "lint/relations.h"

namespace gatehouse {

namespace {

void judge_end(const BundleRelation& relation, const RelationEnd& end, Findings& findings) {
  if (!end.facts || end.endpoint.empty()) return;
  judge_name(
      {*end.application, "endpoint", end.endpoint, lint_places::end_of(relation, end.written)},
      end.facts->endpoint_names, *end.facts, findings);
}

void judge(const LintCase& c, Findings& findings) {
  for (const BundleRelation& relation : c.bundle.relations) {
    const RelationEnds ends = ends_of(relation, c);
    judge_end(relation, ends.first, findings);
    judge_end(relation, ends.second, findings);
  }
}

}  // namespace

extern const Rule unknown_endpoint_rule;
const Rule unknown_endpoint_rule{
    .code = "charm/unknown-endpoint",
    .severity = Severity::error,
    .summary = "a relation names an endpoint that the charm does not have",
    .judge = judge,
};

}  // namespace gatehouse
