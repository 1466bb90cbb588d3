#include "gates/gates_test_support.h"

namespace gatehouse::gates_test {

namespace {

constexpr std::string_view kGate = "placement";

std::string failures(const World& world) {
  return checks_of(verdict_of(kGate, world), Ruling::fail);
}

TEST(Placement, HoldsWhereUnitsAndMachinesAreAsDeclared) {
  EXPECT_RULING(kGate, good_world(), Ruling::pass);
}

TEST(Placement, FailsWhereAMachineGetsAnotherNumberOrIsNotPlanned) {
  World world = good_world();
  world.plan->machines = {{"1", "8", ""}};
  EXPECT_NE(failures(world).find("number of bundle machine 8 in the model | 0 | 1\n"
                                 "number of bundle machine 9 in the model | 1 | not in the plan\n"),
            std::string::npos);
}

TEST(Placement, FailsWhereAUnitSitsOnAFurtherMachine) {
  World world = good_world();
  world.plan->units.push_back({"store/2", "store", "0"});
  EXPECT_EQ(failures(world), "machines of store | 8, 9 | 8, 8, 9\n");
}

TEST(Placement, FailsWhereAUnitSitsInAContainerInsteadOfOnTheMachine) {
  World world = good_world();
  world.plan->units[1].machine = "0/lxd/1";
  EXPECT_EQ(failures(world), "machines of store | 8, 9 | 9, lxd:8\n");
  world = good_world();
  world.plan->units[3].machine = "0";
  EXPECT_EQ(failures(world), "machines of web | lxd:8 | 8\n");
}

TEST(Placement, FailsOnAMachineThatTheBundleDoesNotName) {
  World world = good_world();
  world.plan->machines.push_back({"2", "", ""});
  world.plan->units[2].machine = "2";
  EXPECT_EQ(failures(world), "machines of store | 8, 9 | 8, new machine 2\n");
}

TEST(Placement, FailsWhereTheApplicationHasNoUnit) {
  World world = good_world();
  world.inputs.site.plan.placement = {{"legacy", {"8"}}};
  EXPECT_EQ(failures(world), "machines of legacy | 8 | none\n");
}

TEST(Placement, IsUnknownWithoutAPlan) {
  World world = good_world();
  world.plan.reset();
  EXPECT_RULING(kGate, world, Ruling::unknown);
}

TEST(Placement, HasNothingToExamineWhereNoneIsDeclared) {
  World world = good_world();
  world.inputs.site.plan.placement.clear();
  world.inputs.site.plan.machine_numbers.clear();
  EXPECT_RULING(kGate, world, Ruling::unknown);
}

}  // namespace

}  // namespace gatehouse::gates_test
