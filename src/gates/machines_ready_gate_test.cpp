#include "gates/gates_test_support.h"

namespace gatehouse::gates_test {

namespace {

constexpr std::string_view kGate = "machines_ready";

TEST(MachinesReady, HoldsWhereEachIsReadyAndOff) {
  EXPECT_RULING(kGate, good_world(), Ruling::pass);
}

TEST(MachinesReady, FailsOnAnotherStatusALockAndAnOwner) {
  World world = good_world();
  MaasMachine& alpha = world.machines()[0];
  alpha.status = 6;
  alpha.status_name = "Deployed";
  alpha.is_locked = true;
  alpha.owner = "somebody";
  EXPECT_EQ(checks_of(verdict_of(kGate, world), Ruling::fail),
            "alpha: status | Ready | Deployed\n"
            "alpha: lock | not locked | locked\n"
            "alpha: owner | nobody | somebody\n");
}

TEST(MachinesReady, GoesByTheNumberOfAStatusAndSurvivesOneWithoutAName) {
  World world = good_world();
  world.machines()[0].status = 99;
  world.machines()[0].status_name.clear();
  EXPECT_EQ(checks_of(verdict_of(kGate, world), Ruling::fail),
            "alpha: status | Ready | status 99\n");
}

TEST(MachinesReady, FailsOnPowerOnAndOnAPowerError) {
  for (const char* power : {"on", "error"}) {
    World world = good_world();
    world.machines()[1].power_state = power;
    EXPECT_RULING(kGate, world, Ruling::fail);
  }
}

TEST(MachinesReady, IsUnknownWhereMaasDoesNotKnowThePower) {
  for (const char* power : {"unknown", "", "asleep"}) {
    World world = good_world();
    world.machines()[1].power_state = power;
    EXPECT_RULING(kGate, world, Ruling::unknown);
  }
}

TEST(MachinesReady, FailsWhereAMachineIsMissingOrThereTwice) {
  World world = good_world();
  world.machines().push_back(world.machines()[0]);
  EXPECT_RULING(kGate, world, Ruling::fail);
  world.machines().clear();
  EXPECT_RULING(kGate, world, Ruling::fail);
}

TEST(MachinesReady, IsUnknownWhereMaasDoesNotAnswer) {
  World world = good_world();
  world.facts.maas_machines = not_told<std::vector<MaasMachine>>();
  EXPECT_RULING(kGate, world, Ruling::unknown);
}

TEST(MachinesReady, HasNothingToExamineWithoutMachines) {
  World world = good_world();
  world.inputs.site.machines.clear();
  EXPECT_RULING(kGate, world, Ruling::unknown);
}

}  // namespace

}  // namespace gatehouse::gates_test
