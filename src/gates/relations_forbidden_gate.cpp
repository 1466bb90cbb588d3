#include <fmt/format.h>

#include "gates/checks.h"
#include "gates/endpoints.h"

namespace gatehouse {

namespace {

bool declares_forbidden(const Inputs& inputs) {
  return !inputs.site.plan.forbid.empty();
}

Check judge_endpoint(const Plan& plan, const std::string& endpoint) {
  const Partners partners = partners_of(plan.relations, endpoint);
  Check check{.subject = endpoint,
              .expected = "no relation",
              .observed = listed(partners.sure),
              .ruling = partners.sure.empty() ? Ruling::pass : Ruling::fail};
  if (partners.sure.empty() && !partners.possible.empty()) {
    check.ruling = Ruling::unknown;
    check.observed = listed(partners.possible) + ", which leaves the endpoint to Juju";
    check.help = "name both endpoints in the bundle";
  }
  return check;
}

Check judge_application(const Plan& plan, const std::string& name) {
  for (const PlannedApplication& application : plan.applications) {
    if (application.name == name) return failed(name, "not in the plan", "in the plan");
  }
  return passed(name, "not in the plan", "not in the plan");
}

Verdict judge_relations_forbidden(const Case& c) {
  std::vector<Check> checks;
  if (!declares_forbidden(c.inputs)) return conclude({});
  const Plan* plan = require_plan(c, checks);
  if (!plan) return conclude(std::move(checks));
  for (const Located<std::string>& forbidden : c.inputs.site.plan.forbid) {
    const bool is_endpoint = forbidden.value.find(':') != std::string::npos;
    checks.push_back(placed(is_endpoint ? judge_endpoint(*plan, forbidden.value)
                                        : judge_application(*plan, forbidden.value),
                            forbidden.span));
  }
  return conclude(std::move(checks));
}

}  // namespace

extern const Gate relations_forbidden_gate;
const Gate relations_forbidden_gate{
    .id = "relations_forbidden",
    .question = "Is nothing planned that the site rules out, neither application nor relation?",
    .source = "phase 01, step 1.2, gate",
    .applies = declares_forbidden,
    .judge = judge_relations_forbidden,
};

}  // namespace gatehouse
