#include <fmt/format.h>

#include "gates/checks.h"
#include "gates/endpoints.h"

namespace gatehouse {

namespace {

bool declares_required(const Inputs& inputs) {
  return !inputs.site.plan.require.empty();
}

Check judge_relation(const Plan& plan, const RequiredRelation& required) {
  Check check{.subject = fmt::format("{} - {}", required.first, required.second),
              .expected = "in the plan",
              .observed = "not in the plan",
              .ruling = Ruling::fail,
              .help = "add the relation to the bundle"};
  for (const PlannedRelation& relation : plan.relations) {
    const std::string words = fmt::format("{} - {}", relation.first, relation.second);
    switch (match_relation(relation.first, relation.second, required.first, required.second)) {
      case EndpointMatch::no:
        break;
      case EndpointMatch::perhaps:
        check.ruling = Ruling::unknown;
        check.observed = words + ", which leaves the endpoint to Juju";
        check.help = "name both endpoints in the bundle";
        break;
      case EndpointMatch::yes:
        return passed(check.subject, check.expected, words);
    }
  }
  return check;
}

Verdict judge_relations_required(const Case& c) {
  std::vector<Check> checks;
  if (!declares_required(c.inputs)) return conclude({});
  const Plan* plan = require_plan(c, checks);
  if (!plan) return conclude(std::move(checks));
  for (const RequiredRelation& required : c.inputs.site.plan.require) {
    checks.push_back(placed(judge_relation(*plan, required), required.span));
  }
  return conclude(std::move(checks));
}

}  // namespace

extern const Gate relations_required_gate;
const Gate relations_required_gate{
    .id = "relations_required",
    .question = "Is every relation planned that the site cannot do without?",
    .source = "phase 01, step 1.2, gate",
    .applies = declares_required,
    .judge = judge_relations_required,
};

}  // namespace gatehouse
