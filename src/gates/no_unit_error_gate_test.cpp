#include "gates/gates_test_support.h"

namespace gatehouse::gates_test {

namespace {

constexpr std::string_view kGate = "no_unit_error";

Moment minute(int number) {
  return Moment{} + std::chrono::minutes(number);
}

// web/0 in hook error since minute 10; the newest sample at `now`.
World with_error(int now) {
  World world = good_world();
  world.model().units["web/0"].workload = {"error", "hook failed: \"install\"", ""};
  world.facts.history.samples = 2;
  world.facts.history.newest = minute(now);
  UnitHistory& history = world.facts.history.units["web/0"];
  history.in_error_since = minute(10);
  history.errors = 1;
  return world;
}

TEST(NoUnitError, HoldsWhereNoneIs) {
  EXPECT_RULING(kGate, good_world(), Ruling::pass);
}

TEST(NoUnitError, IsUnknownWithinTheGraceAndFailsAfterIt) {
  EXPECT_EQ(checks_of(verdict_of(kGate, with_error(12)), Ruling::unknown),
            "web/0 | neither in error nor lost | web/0 error, idle: hook failed: \"install\"; "
            "for 2 min, grace 10 min\n");
  EXPECT_RULING(kGate, with_error(19), Ruling::unknown);
  EXPECT_RULING(kGate, with_error(20), Ruling::fail);
}

TEST(NoUnitError, FailsAtOnceWithoutAnyHistory) {
  World world = with_error(10);
  world.facts.history = {};
  EXPECT_RULING(kGate, world, Ruling::fail);
}

TEST(NoUnitError, CountsAFailedAgentAsAnError) {
  World world = good_world();
  world.model().units["store/1"].agent.current = "failed";
  EXPECT_RULING(kGate, world, Ruling::fail);
}

TEST(NoUnitError, DoesNotTakeTheNextTryOfAHookForARecovery) {
  World world = with_error(12);
  world.model().units["web/0"].workload = {"maintenance", "installing", ""};
  world.model().units["web/0"].agent = {"executing", "running install hook", ""};
  world.facts.history.units["web/0"].failed_hook = "install";
  EXPECT_EQ(checks_of(verdict_of(kGate, world), Ruling::unknown),
            "web/0 | neither in error nor lost | web/0 maintenance, executing: installing, which "
            "tries again what failed: install; for 2 min, grace 10 min\n");
  world.facts.history.newest = minute(20);
  EXPECT_RULING(kGate, world, Ruling::fail);
}

TEST(NoUnitError, GivesALostAgentTheSameGrace) {
  World world = good_world();
  world.model().units["store/1"].agent.current = "lost";
  world.model().units["store/1"].workload.current = "unknown";
  world.facts.history.units["store/1"].lost_since = minute(5);
  world.facts.history.newest = minute(6);
  EXPECT_RULING(kGate, world, Ruling::unknown);
  world.facts.history.newest = minute(15);
  EXPECT_RULING(kGate, world, Ruling::fail);
}

TEST(NoUnitError, DoesNotTakeTheWordUnknownForALostAgent) {
  World world = good_world();
  world.model().units["store/1"].workload.current = "unknown";
  EXPECT_RULING(kGate, world, Ruling::pass);
}

TEST(NoUnitError, FailsOnAFailedMachineAndWaitsForOneThatIsDown) {
  World world = good_world();
  world.model().machines["1"].agent.current = "down";
  EXPECT_RULING(kGate, world, Ruling::unknown);
  world.model().machines["1"].agent.current = "error";
  EXPECT_RULING(kGate, world, Ruling::fail);
  world.model().machines["1"].agent.current = "pending";
  world.model().machines["1"].instance = {"provisioning error", "Failed deployment", ""};
  EXPECT_RULING(kGate, world, Ruling::fail);
}

TEST(NoUnitError, RemarksOnAUnitThatWasInErrorBefore) {
  World world = good_world();
  world.facts.history.units["web/0"].errors = 2;
  const Verdict verdict = verdict_of(kGate, world);
  EXPECT_EQ(verdict.ruling, Ruling::pass);
  ASSERT_EQ(verdict.findings.size(), 1u);
  EXPECT_EQ(verdict.findings[0].code, "juju/unit-was-in-error");
  EXPECT_EQ(verdict.findings[0].message, "web/0 was in error 2 times during this run");
}

TEST(NoUnitError, IsUnknownWhereTheModelOrAPartOfItCannotBeRead) {
  World world = good_world();
  world.model().unread = {"unit web/1"};
  EXPECT_RULING(kGate, world, Ruling::unknown);
  world.facts.model_status = not_told<ModelStatus>();
  EXPECT_RULING(kGate, world, Ruling::unknown);
}

TEST(NoUnitError, HasNothingToExamineWhereThereAreNoUnits) {
  World world = good_world();
  world.model().units.clear();
  EXPECT_RULING(kGate, world, Ruling::unknown);
}

}  // namespace

}  // namespace gatehouse::gates_test
