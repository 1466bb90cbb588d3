#include "gates/gates_test_support.h"

namespace gatehouse::gates_test {

namespace {

constexpr std::string_view kGate = "plan_equals_dry_run";

std::string failures(const World& world) {
  return checks_of(verdict_of(kGate, world), Ruling::fail);
}

TEST(PlanEqualsDryRun, HoldsLineByLine) {
  EXPECT_RULING(kGate, good_world(), Ruling::pass);
}

TEST(PlanEqualsDryRun, FailsOnOneOtherLineAndShowsBoth) {
  World world = good_world();
  world.dry_run().changes[1] = "add unit store/0 to new machine 1";
  EXPECT_EQ(
      failures(world),
      "changed: line 2 of the plan, line 2 of the dry run | add unit store/0 to new machine 0 | "
      "add unit store/0 to new machine 1\n");
}

TEST(PlanEqualsDryRun, FailsOnAMissingAndOnAFurtherLine) {
  World world = good_world();
  world.dry_run().changes.erase(world.dry_run().changes.begin());
  EXPECT_EQ(
      failures(world),
      "number of changes | 3 | 2\n"
      "missing: line 1 of the plan | add new machine 0 (bundle machine 8) | no such change\n");
  world = good_world();
  world.dry_run().changes.push_back("expose web");
  EXPECT_EQ(
      failures(world),
      "number of changes | 3 | 4\nextra: line 4 of the dry run | no such change | expose web\n");
}

TEST(PlanEqualsDryRun, FailsOnALineThatIsThereTwice) {
  World world = good_world();
  world.dry_run().changes[2] = world.dry_run().changes[1];
  EXPECT_RULING(kGate, world, Ruling::fail);
}

TEST(PlanEqualsDryRun, FailsOnAnotherOrderAndNamesTheLineThatMoved) {
  World world = good_world();
  std::swap(world.dry_run().changes[0], world.dry_run().changes[1]);
  EXPECT_EQ(failures(world),
            "moved: line 1 of the plan, line 2 of the dry run | as line 1 | as line 2: add new "
            "machine 0 (bundle machine 8)\n");
}

TEST(PlanEqualsDryRun, ShowsTheFirstFewOfManyDifferences) {
  World world = good_world();
  world.dry_run().changes.assign(30, "add new machine 7");
  const Verdict verdict = verdict_of(kGate, world);
  EXPECT_EQ(verdict.ruling, Ruling::fail);
  EXPECT_EQ(verdict.checks.size(), 22u);
  EXPECT_EQ(verdict.checks.back().observed, "13");
}

TEST(PlanEqualsDryRun, HoldsInTheWordsOfJuju29) {
  World world = good_world();
  world.plan->changes[0].description = {
      "deploy application a from charm-hub on "
      "ubuntu@22.04/stable with edge"};
  world.dry_run().changes[0] = "deploy application a from charm-hub on jammy with edge";
  EXPECT_RULING(kGate, world, Ruling::pass);
}

TEST(PlanEqualsDryRun, FailsWhereJujuRefuses) {
  World world = good_world();
  world.dry_run() = {};
  world.dry_run().refusal = "ERROR cannot deploy bundle: the charm is gone";
  EXPECT_EQ(failures(world),
            "dry run | 3 changes | ERROR cannot deploy bundle: the charm is gone\n");
}

TEST(PlanEqualsDryRun, FailsWhereTheDryRunPrintedNothing) {
  World world = good_world();
  world.dry_run().changes.clear();
  EXPECT_RULING(kGate, world, Ruling::fail);
}

TEST(PlanEqualsDryRun, IsUnknownWithoutPlanOrDryRun) {
  World world = good_world();
  world.facts.dry_run = not_told<DryRun>();
  EXPECT_RULING(kGate, world, Ruling::unknown);
  world = good_world();
  world.plan.reset();
  EXPECT_RULING(kGate, world, Ruling::unknown);
}

TEST(PlanEqualsDryRun, HasNothingToExamineWhereThePlanIsEmpty) {
  World world = good_world();
  world.plan->changes.clear();
  world.dry_run().changes.clear();
  EXPECT_RULING(kGate, world, Ruling::unknown);
}

}  // namespace

}  // namespace gatehouse::gates_test
