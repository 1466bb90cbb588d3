#include "gates/gates_test_support.h"

namespace gatehouse::gates_test {

namespace {

constexpr std::string_view kGate = "relations_required";

TEST(RelationsRequired, HoldWhicheverWayRoundTheyAreWritten) {
  World world = good_world();
  EXPECT_RULING(kGate, world, Ruling::pass);
  world.plan->relations = {{"web:store", "store:clients"}};
  EXPECT_RULING(kGate, world, Ruling::pass);
}

TEST(RelationsRequired, FailWhereOneIsMissingOrOnAnotherEndpoint) {
  World world = good_world();
  world.plan->relations = {{"web:cache", "store:clients"}, {"web:store", "store:admins"}};
  EXPECT_EQ(checks_of(verdict_of(kGate, world), Ruling::fail),
            "web:store - store:clients | in the plan | not in the plan\n");
  world.plan->relations.clear();
  EXPECT_RULING(kGate, world, Ruling::fail);
}

TEST(RelationsRequired, AreUnknownWhereTheEndpointIsLeftToJuju) {
  World world = good_world();
  world.plan->relations = {{"web", "store:clients"}};
  EXPECT_RULING(kGate, world, Ruling::unknown);
}

TEST(RelationsRequired, NeedNoEndpointWhereTheSiteNamesNone) {
  World world = good_world();
  world.inputs.site.plan.require = {{"web", "store", {}}};
  EXPECT_RULING(kGate, world, Ruling::pass);
}

TEST(RelationsRequired, AreUnknownWithoutAPlan) {
  World world = good_world();
  world.plan.reset();
  EXPECT_RULING(kGate, world, Ruling::unknown);
}

TEST(RelationsRequired, HaveNothingToExamineWhereNoneIsDeclared) {
  World world = good_world();
  world.inputs.site.plan.require.clear();
  EXPECT_RULING(kGate, world, Ruling::unknown);
}

}  // namespace

}  // namespace gatehouse::gates_test
