#include "gates/gates_test_support.h"

namespace gatehouse::gates_test {

namespace {

constexpr std::string_view kGate = "plan_counts";

TEST(PlanCounts, HoldWhereThePlanHasWhatTheSiteDeclares) {
  EXPECT_RULING(kGate, good_world(), Ruling::pass);
}

TEST(PlanCounts, FailOnOneMoreAndOnOneLess) {
  World world = good_world();
  world.plan->counts.applications = 5;
  EXPECT_EQ(checks_of(verdict_of(kGate, world), Ruling::fail), "number of applications | 4 | 5\n");
  world.plan->counts.applications = 4;
  world.plan->counts.machines = 1;
  EXPECT_EQ(checks_of(verdict_of(kGate, world), Ruling::fail), "number of machines | 2 | 1\n");
}

TEST(PlanCounts, AreUnknownWithoutAPlan) {
  World world = good_world();
  world.plan.reset();
  EXPECT_RULING(kGate, world, Ruling::unknown);
}

TEST(PlanCounts, HaveNothingToExamineWhereNoneIsDeclared) {
  World world = good_world();
  world.inputs.site.plan.counts = {};
  EXPECT_RULING(kGate, world, Ruling::unknown);
}

}  // namespace

}  // namespace gatehouse::gates_test
