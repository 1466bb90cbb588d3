#include "gates/gates_test_support.h"

namespace gatehouse::gates_test {

namespace {

constexpr std::string_view kGate = "machines_started";

std::string failures(const World& world) {
  return checks_of(verdict_of(kGate, world), Ruling::fail);
}

TEST(MachinesStarted, HoldsWithOneCheckForEachMachineAndTheirCounts) {
  const Verdict verdict = verdict_of(kGate, good_world());
  EXPECT_EQ(verdict.ruling, Ruling::pass);
  EXPECT_EQ(verdict.checks.size(), 6U);
}

TEST(MachinesStarted, FailsWhileAMachineIsPending) {
  World world = good_world();
  world.model().machines["0/lxd/0"].agent.current = "pending";
  world.model().machines["0/lxd/0"].instance = {"allocating", "Container started", ""};
  EXPECT_EQ(failures(world),
            "machine 0/lxd/0 | started, alive, no profile change in error | pending, allocating, "
            "Container started\n");
}

TEST(MachinesStarted, FailsWhereOneIsDyingOrItsProfileChangeFailed) {
  World world = good_world();
  world.model().machines["1"].agent.life = "dying";
  EXPECT_EQ(failures(world), "machine 1 | started, alive, no profile change in error | dying\n");
  world = good_world();
  world.model().machines["1"].modification = {"error", "no such profile", ""};
  EXPECT_EQ(failures(world),
            "machine 1 | started, alive, no profile change in error | profile change in error: no "
            "such profile\n");
}

TEST(MachinesStarted, TakesAnIdleOrEmptyProfileChangeForNone) {
  World world = good_world();
  world.model().machines["1"].modification = {"applied", "", ""};
  world.model().machines["0"].modification = {"idle", "", ""};
  EXPECT_RULING(kGate, world, Ruling::pass);
}

TEST(MachinesStarted, FailsWhereMachinesOrContainersAreMissingOrTooMany) {
  World world = good_world();
  world.model().machines.erase("1/lxd/0");
  EXPECT_EQ(failures(world), "containers | 2 | 1\n");
  world.model().machines["2"].id = "2";
  world.model().machines["2"].agent.current = "started";
  EXPECT_EQ(failures(world), "machines | 2 | 3\ncontainers | 2 | 1\n");
}

TEST(MachinesStarted, IsUnknownWithoutModelOrPlan) {
  World world = good_world();
  world.plan.reset();
  EXPECT_RULING(kGate, world, Ruling::unknown);
  world = good_world();
  world.facts.model_status = not_told<ModelStatus>();
  EXPECT_RULING(kGate, world, Ruling::unknown);
  world = good_world();
  world.model().unread = {"machine 1: status-error: no"};
  EXPECT_RULING(kGate, world, Ruling::unknown);
}

TEST(MachinesStarted, HasNothingToExamineWhereNoneIsPlannedAndNoneIsThere) {
  World world = good_world();
  world.plan->machines.clear();
  world.plan->containers.clear();
  world.model().machines.clear();
  EXPECT_RULING(kGate, world, Ruling::unknown);
}

}  // namespace

}  // namespace gatehouse::gates_test
