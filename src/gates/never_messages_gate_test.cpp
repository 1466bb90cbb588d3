#include "gates/gates_test_support.h"

namespace gatehouse::gates_test {

namespace {

constexpr std::string_view kGate = "never_messages";

TEST(NeverMessages, HoldWhereNoUnitShowsOne) {
  EXPECT_EQ(checks_of(verdict_of(kGate, good_world()), Ruling::pass),
            "shop/0 | never \"*Missing certificate*\" | not shown\n"
            "web/0 | never \"*Missing certificate*\" | not shown\n");
}

TEST(NeverMessages, FailWhereOneUnitShowsItAlsoBehindAPrefix) {
  World world = good_world();
  world.model().units["web/0"].workload.message = "PO: Missing certificate configuration";
  EXPECT_EQ(
      checks_of(verdict_of(kGate, world), Ruling::fail),
      "web/0 | never \"*Missing certificate*\" | web/0 blocked, idle: PO: Missing certificate "
      "configuration\n");
}

TEST(NeverMessages, DoNotMindTheMessageOfAnotherApplication) {
  World world = good_world();
  world.model().units["store/0"].workload.message = "Missing certificate";
  EXPECT_RULING(kGate, world, Ruling::pass);
}

TEST(NeverMessages, TakeThePatternOfTheDefaultWhereAnEntryHasNone) {
  World world = good_world();
  world.inputs.site.settled.otherwise.never = "*ONLINE*";
  EXPECT_RULING(kGate, world, Ruling::fail);
}

TEST(NeverMessages, AreUnknownWhereTheModelCannotBeSeen) {
  World world = good_world();
  world.facts.model_status = not_told<ModelStatus>();
  EXPECT_RULING(kGate, world, Ruling::unknown);
}

TEST(NeverMessages, HaveNothingToExamineWithoutUnitsOrPatterns) {
  World world = good_world();
  world.model().units.clear();
  EXPECT_RULING(kGate, world, Ruling::unknown);
  for (ExpectedState& state : world.inputs.site.settled.expect) state.never.reset();
  EXPECT_RULING(kGate, world, Ruling::unknown);
  EXPECT_FALSE(find_gate(kGate)->applies(world.inputs));
}

}  // namespace

}  // namespace gatehouse::gates_test
