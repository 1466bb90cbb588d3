#include "gates/gates_test_support.h"

namespace gatehouse::gates_test {

namespace {

constexpr std::string_view kGate = "relations_forbidden";

TEST(RelationsForbidden, HoldWhereNoneIsPlanned) {
  EXPECT_RULING(kGate, good_world(), Ruling::pass);
}

TEST(RelationsForbidden, FailOnAForbiddenApplication) {
  World world = good_world();
  world.plan->applications.push_back({"legacy", "legacy", "stable", ""});
  EXPECT_EQ(checks_of(verdict_of(kGate, world), Ruling::fail),
            "legacy | not in the plan | in the plan\n");
}

TEST(RelationsForbidden, FailOnAForbiddenEndpointOnEitherSide) {
  World world = good_world();
  world.plan->relations.push_back({"web-ha:ha", "store:ha"});
  EXPECT_EQ(checks_of(verdict_of(kGate, world), Ruling::fail),
            "store:ha | no relation | web-ha:ha\n");
  world.plan->relations.back() = {"store:ha", "web-ha:ha"};
  EXPECT_RULING(kGate, world, Ruling::fail);
}

TEST(RelationsForbidden, AreUnknownWhereTheEndpointIsLeftToJuju) {
  World world = good_world();
  world.plan->relations.push_back({"web-ha", "store"});
  EXPECT_RULING(kGate, world, Ruling::unknown);
}

TEST(RelationsForbidden, AreUnknownWithoutAPlan) {
  World world = good_world();
  world.plan.reset();
  EXPECT_RULING(kGate, world, Ruling::unknown);
}

TEST(RelationsForbidden, HaveNothingToExamineWhereNothingIsForbidden) {
  World world = good_world();
  world.inputs.site.plan.forbid.clear();
  EXPECT_RULING(kGate, world, Ruling::unknown);
}

}  // namespace

}  // namespace gatehouse::gates_test
