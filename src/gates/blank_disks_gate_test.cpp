#include "gates/gates_test_support.h"

namespace gatehouse::gates_test {

namespace {

constexpr std::string_view kGate = "blank_disks";

HostDisk& alpha_disk(World& world) {
  return *world.facts.host_disks.at("alpha:/images/alpha.qcow2").value();
}

World with_devices() {
  World world = good_world();
  BlankDisk& disk = world.inputs.site.blank_disks[0];
  disk.source = DiskSource::maas;
  disk.path = "/dev/vdb";
  world.facts.host_disks.clear();
  return world;
}

TEST(BlankDisks, HoldWhereTheImagesAreSparseAndOfTheirSize) {
  EXPECT_RULING(kGate, good_world(), Ruling::pass);
}

TEST(BlankDisks, FailWhereADiskWasWrittenTo) {
  World world = good_world();
  alpha_disk(world).allocated = (1 << 20) + 1;
  EXPECT_EQ(checks_of(verdict_of(kGate, world), Ruling::fail),
            "alpha /images/alpha.qcow2: allocated | at most 1 MiB (1048576 B) | "
            "1.0 MiB (1048577 B)\n");
  alpha_disk(world).allocated = 1 << 20;
  EXPECT_RULING(kGate, world, Ruling::pass);
}

TEST(BlankDisks, FailWhereDataLiesInAnImageThatADiskIsBasedOn) {
  World world = good_world();
  alpha_disk(world).data = 5 << 20;
  EXPECT_EQ(checks_of(verdict_of(kGate, world), Ruling::fail),
            "alpha /images/alpha.qcow2: data | at most 1 MiB (1048576 B) | 5 MiB (5242880 B)\n");
}

TEST(BlankDisks, OfWhichTheMapWasCutFailOrAreUnknownButNeverPass) {
  World world = good_world();
  alpha_disk(world).is_data_at_least = true;
  EXPECT_RULING(kGate, world, Ruling::unknown);
  alpha_disk(world).data = 5 << 20;
  EXPECT_EQ(checks_of(verdict_of(kGate, world), Ruling::fail),
            "alpha /images/alpha.qcow2: data | at most 1 MiB (1048576 B) | "
            "at least 5 MiB (5242880 B)\n");
}

TEST(BlankDisks, FailWhereADiskHasAnotherSize) {
  World world = good_world();
  alpha_disk(world).virtual_size = 1 << 29;
  EXPECT_RULING(kGate, world, Ruling::fail);
}

TEST(BlankDisks, AreUnknownWhereOneCouldNotBeReadOrWasNotAskedFor) {
  World world = good_world();
  auto& seen = world.facts.host_disks.at("beta:/images/beta.qcow2");
  seen = not_told<HostDisk>(ErrorKind::denied);
  EXPECT_RULING(kGate, world, Ruling::unknown);
  world.facts.host_disks.erase("beta:/images/beta.qcow2");
  EXPECT_RULING(kGate, world, Ruling::unknown);
}

TEST(BlankDisks, OfMaasAreJudgedByTheirSize) {
  World world = with_devices();
  const Verdict verdict = verdict_of(kGate, world);
  EXPECT_EQ(verdict.ruling, Ruling::pass);
  EXPECT_EQ(verdict.checks.at(0).subject, "alpha vdb, as MAAS knows it, content unseen: size");
  world.machines()[0].disks["vdb"] = 1 << 29;
  EXPECT_RULING(kGate, world, Ruling::fail);
  world.machines()[0].disks.clear();
  EXPECT_RULING(kGate, world, Ruling::fail);
  world.facts.maas_machines = not_told<std::vector<MaasMachine>>();
  EXPECT_RULING(kGate, world, Ruling::unknown);
}

TEST(BlankDisks, HaveNothingToExamineWithoutDisksOrMachines) {
  World world = good_world();
  world.inputs.site.machines.clear();
  EXPECT_RULING(kGate, world, Ruling::unknown);
  world.inputs.site.blank_disks.clear();
  EXPECT_FALSE(find_gate(kGate)->applies(world.inputs));
}

}  // namespace

}  // namespace gatehouse::gates_test
