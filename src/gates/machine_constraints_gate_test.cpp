#include "gates/gates_test_support.h"

namespace gatehouse::gates_test {

namespace {

constexpr std::string_view kGate = "machine_constraints";

/// The bundle asks for a tag and MAAS has put it on both machines.
World tagged_world() {
  World world = good_world();
  for (PlannedMachine& machine : world.plan->machines) {
    machine.constraints = "arch=amd64 mem=32G cores=8 root-disk=1G tags=cloud,^old zones=z1";
  }
  for (MaasMachine& machine : world.machines()) {
    machine.architecture = "amd64/generic";
    machine.memory_mib = 32 << 10;
    machine.cores = 8;
    machine.tags = {"cloud", "virtual"};
    machine.zone = "z1";
  }
  return world;
}

// What is said of alpha.
std::string observed(const World& world) {
  const Verdict verdict = verdict_of(kGate, world);
  EXPECT_EQ(verdict.ruling, Ruling::fail);
  return verdict.checks.at(0).observed;
}

TEST(MachineConstraints, HoldWhereEachMachineFitsAndNoOtherDoes) {
  EXPECT_RULING(kGate, good_world(), Ruling::pass);
  EXPECT_EQ(checks_of(verdict_of(kGate, tagged_world()), Ruling::pass),
            "alpha: what the bundle asks for | arch=amd64 mem=32G cores=8 root-disk=1G "
            "tags=cloud,^old zones=z1 (for 8, 9) | fits 8, 9\n"
            "beta: what the bundle asks for | arch=amd64 mem=32G cores=8 root-disk=1G "
            "tags=cloud,^old zones=z1 (for 8, 9) | fits 8, 9\n"
            "machines for the bundle | one of the site for each of its 2 machines | one for 2\n"
            "other machines that MAAS may give | none | none\n");
}

TEST(MachineConstraints, SayWhatAMachineLacks) {
  World world = tagged_world();
  MaasMachine& alpha = world.machines()[0];
  alpha.tags = {"virtual", "old"};
  EXPECT_EQ(observed(world), "it lacks the tag cloud, it has the tag old");
  EXPECT_EQ(verdict_of(kGate, world).checks.at(0).help,
            "if it is meant: maas PROFILE tag update-nodes cloud add=aaaaaa");
  alpha.tags = {"cloud"};
  alpha.architecture = "arm64/generic";
  EXPECT_EQ(observed(world), "its architecture is arm64");
  alpha.architecture = "amd64/generic";
  alpha.memory_mib = (32 << 10) - 1;
  alpha.cores = 4;
  EXPECT_EQ(observed(world), "it has 32767 MiB of memory, it has 4 cores");
  alpha.memory_mib = 32 << 10;
  alpha.cores = 8;
  alpha.disks = {{"vda", std::uint64_t{1} << 29}};
  alpha.zone = "z2";
  EXPECT_EQ(observed(world), "it has no disk of that size, it is in zone z2");
}

TEST(MachineConstraints, FailWhereAnotherReadyMachineFitsToo) {
  World world = tagged_world();
  MaasMachine other = world.machines()[0];
  other.hostname = "stray";
  world.facts.maas_candidates = seen(std::vector{other});
  EXPECT_EQ(checks_of(verdict_of(kGate, world), Ruling::fail),
            "other machines that MAAS may give | none | stray\n");
  other.tags.clear();
  world.facts.maas_candidates = seen(std::vector{other});
  EXPECT_RULING(kGate, world, Ruling::pass);
}

TEST(MachineConstraints, DoNotCountOthersThatMaasCannotGive) {
  World world = tagged_world();
  MaasMachine broken = world.machines()[0];
  broken.hostname = "broken";
  broken.status = 8;
  MaasMachine owned = world.machines()[0];
  owned.hostname = "owned";
  owned.owner = "somebody";
  world.facts.maas_candidates = seen(std::vector{broken, owned});
  EXPECT_RULING(kGate, world, Ruling::pass);
}

TEST(MachineConstraints, FailWhereTwoMachinesOfTheBundleWantTheSameOne) {
  World world = tagged_world();
  world.plan->machines[0].constraints = "tags=edge";
  world.plan->machines[1].constraints = "tags=edge";
  world.machines()[0].tags = {"edge"};
  world.machines()[1].tags = {"edge"};
  EXPECT_RULING(kGate, world, Ruling::pass);
  world.plan->machines.push_back({"2", "", "tags=edge"});
  EXPECT_EQ(checks_of(verdict_of(kGate, world), Ruling::fail),
            "machines for the bundle | one of the site for each of its 3 machines | one for 2\n");
}

TEST(MachineConstraints, GiveEachItsOwnWhereTheyAskForDifferentOnes) {
  World world = tagged_world();
  world.plan->machines[0].constraints = "";
  world.plan->machines[1].constraints = "tags=edge";
  world.machines()[0].tags = {"edge"};
  world.machines()[1].tags = {};
  EXPECT_RULING(kGate, world, Ruling::pass);
}

TEST(MachineConstraints, AreUnknownWhereOneCannotBeRead) {
  World world = tagged_world();
  world.plan->machines[0].constraints = "tags=cloud mem=plenty";
  EXPECT_EQ(checks_of(verdict_of(kGate, world), Ruling::unknown),
            "bundle machine 8 | constraints that can be read | mem=plenty\n");
}

TEST(MachineConstraints, AreUnknownWhereMaasDoesNotAnswer) {
  World world = tagged_world();
  world.facts.maas_candidates = not_told<std::vector<MaasMachine>>();
  EXPECT_RULING(kGate, world, Ruling::unknown);
  world.facts.maas_machines = not_told<std::vector<MaasMachine>>();
  EXPECT_RULING(kGate, world, Ruling::unknown);
  world.plan.reset();
  EXPECT_RULING(kGate, world, Ruling::unknown);
}

TEST(MachineConstraints, HaveNothingToExamineWithoutMachines) {
  World world = tagged_world();
  world.plan->machines.clear();
  EXPECT_RULING(kGate, world, Ruling::unknown);
  world.inputs.site.machines.clear();
  EXPECT_RULING(kGate, world, Ruling::unknown);
  EXPECT_FALSE(find_gate(kGate)->applies(world.inputs));
}

}  // namespace

}  // namespace gatehouse::gates_test
