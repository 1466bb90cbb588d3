#include "gates/gate.h"

#include <fmt/format.h>

namespace gatehouse {

namespace {

void compare(std::vector<Check>& checks, std::string_view what, std::optional<std::size_t> expected,
             std::size_t observed, const Span& span) {
  if (!expected) return;
  checks.push_back(expect_equal(fmt::format("number of {}", what), fmt::to_string(*expected),
                                fmt::to_string(observed)));
  checks.back().span = span;
}

Verdict judge_plan_counts(const Case& c) {
  std::vector<Check> checks;
  const ExpectedCounts& expected = c.inputs.site.plan.counts;
  if (!c.plan) {
    checks.push_back(unknown("offline plan", "a plan", "the bundle cannot be planned"));
    return conclude(std::move(checks));
  }
  const PlanCounts& counts = c.plan->counts;
  compare(checks, "applications", expected.applications, counts.applications, expected.span);
  compare(checks, "units", expected.units, counts.units, expected.span);
  compare(checks, "relations", expected.relations, counts.relations, expected.span);
  compare(checks, "machines", expected.machines, counts.machines, expected.span);
  compare(checks, "containers", expected.containers, counts.containers, expected.span);
  return conclude(std::move(checks));
}

}  // namespace

extern const Gate plan_counts_gate;
const Gate plan_counts_gate{
    .id = "plan_counts",
    .question =
        "Does the plan have as many applications, relations, machines and containers as the "
        "site declares?",
    .source = "phase 01, step 1.2, gate",
    .judge = judge_plan_counts,
};

}  // namespace gatehouse
