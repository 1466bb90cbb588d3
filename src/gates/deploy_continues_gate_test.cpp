#include "gates/gates_test_support.h"

namespace gatehouse::gates_test {

namespace {

constexpr std::string_view kGate = "deploy_continues";

/// Machine 0 and its unit are there; machine 1 and what stands on it are not.
World half_deployed() {
  World world = good_world();
  world.plan->changes.clear();
  for (const char* line :
       {"upload charm store from charm-hub", "deploy application store from charm-hub",
        "add new machine 0 (bundle machine 8)", "add new machine 1 (bundle machine 9)",
        "add unit store/0 to new machine 0", "add unit store/1 to new machine 1"}) {
    Change change;
    change.description = {line};
    world.plan->changes.push_back(change);
  }
  world.plan->applications = {{"store", "store", "stable", ""}};
  world.plan->units = {{"store/0", "store", "0"}, {"store/1", "store", "1"}};
  world.plan->containers.clear();
  ModelStatus& model = world.model();
  model.machines.erase("1");
  model.machines.erase("0/lxd/0");
  model.machines.erase("1/lxd/0");
  std::erase_if(model.units, [](const auto& unit) { return unit.first != "store/0"; });
  world.dry_run() = {};
  world.dry_run().changes = {"add new machine 1 (bundle machine 9)",
                             "add unit store/1 to new machine 1"};
  return world;
}

std::string failures(const World& world) {
  return checks_of(verdict_of(kGate, world), Ruling::fail);
}

TEST(DeployContinues, HoldsWhereOnlyWhatIsMissingWouldBeDone) {
  EXPECT_RULING(kGate, half_deployed(), Ruling::pass);
}

TEST(DeployContinues, HoldsWhereNothingIsLeft) {
  World world = half_deployed();
  world.model().machines["1"].id = "1";
  world.model().units["store/1"].name = "store/1";
  world.dry_run().changes.clear();
  EXPECT_RULING(kGate, world, Ruling::pass);
}

TEST(DeployContinues, FailsOnAnUpgrade) {
  World world = half_deployed();
  world.dry_run().changes.push_back("upgrade store from charm-hub using charm store");
  EXPECT_EQ(failures(world),
            "upgrade application store | no upgrade of what is there | upgrade store from "
            "charm-hub using charm store\n");
}

TEST(DeployContinues, FailsOnAMachineBeyondTheMissingOnes) {
  World world = half_deployed();
  world.dry_run().changes.push_back("add new machine 2");
  EXPECT_EQ(failures(world), "add machine 2 | a change of the plan | add new machine 2\n");
  world = half_deployed();
  world.dry_run().changes.push_back("add new machine 0 (bundle machine 8)");
  EXPECT_EQ(failures(world),
            "add machine 0 | nothing that is there already | add new machine 0 (bundle machine "
            "8)\n");
}

TEST(DeployContinues, FailsWhereSomethingMissingWouldStayMissing) {
  World world = half_deployed();
  world.dry_run().changes.pop_back();
  EXPECT_EQ(failures(world), "add unit store/1 | among the changes left | not printed\n");
}

TEST(DeployContinues, FailsWhereJujuRefuses) {
  World world = half_deployed();
  world.dry_run() = {};
  world.dry_run().refusal = "ERROR cannot deploy bundle: bundle and machine mapping inconsistent";
  EXPECT_RULING(kGate, world, Ruling::fail);
}

TEST(DeployContinues, IsUnknownWithoutDryRunOrModel) {
  World world = half_deployed();
  world.facts.dry_run = not_told<DryRun>();
  EXPECT_RULING(kGate, world, Ruling::unknown);
  world = half_deployed();
  world.facts.model_status = not_told<ModelStatus>();
  EXPECT_RULING(kGate, world, Ruling::unknown);
}

TEST(DeployContinues, HasNothingToExamineWhereThePlanIsEmpty) {
  World world = half_deployed();
  world.plan->changes.clear();
  EXPECT_RULING(kGate, world, Ruling::unknown);
}

}  // namespace

}  // namespace gatehouse::gates_test
