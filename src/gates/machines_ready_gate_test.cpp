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

TEST(MachinesReady, MakesAChangedSystemIdAFindingOnly) {
  World world = good_world();
  world.machines()[1].system_id = "cccccc";
  const Verdict verdict = verdict_of(kGate, world);
  EXPECT_EQ(verdict.ruling, Ruling::pass);
  ASSERT_EQ(verdict.findings.size(), 1u);
  EXPECT_EQ(verdict.findings[0].code, "maas/system-id-changed");
  EXPECT_EQ(verdict.findings[0].message, "beta has system id cccccc, the site file says bbbbbb");
}

TEST(MachinesReady, MakesAKeyThatIsSentInClearAFindingSaveOnLoopback) {
  World world = good_world();
  for (const char* root : {"http://127.0.0.1:5240/MAAS/api/2.0/", "http://localhost/MAAS/api/2.0/",
                           "http://[::1]:5240/MAAS/api/2.0/", "https://maas:5443/MAAS/api/2.0/"}) {
    world.facts.maas_identity.value()->root = root;
    EXPECT_TRUE(verdict_of(kGate, world).findings.empty()) << root;
  }
  world.facts.maas_identity.value()->root = "http://maas:5240/MAAS/api/2.0/";
  const Verdict verdict = verdict_of(kGate, world);
  EXPECT_EQ(verdict.ruling, Ruling::pass);
  ASSERT_EQ(verdict.findings.size(), 1u);
  EXPECT_EQ(verdict.findings[0].code, "maas/key-in-clear");
  EXPECT_EQ(verdict.findings[0].message,
            "the API key goes to http://maas:5240/MAAS/api/2.0/ in clear");
}

TEST(MachinesReady, ComparesTheMemoryThatIsDeclared) {
  World world = good_world();
  world.inputs.site.machines[0].memory = std::uint64_t{64} << 30;
  world.machines()[0].memory_mib = 64 << 10;
  EXPECT_RULING(kGate, world, Ruling::pass);
  world.machines()[0].memory_mib = 32 << 10;
  EXPECT_EQ(checks_of(verdict_of(kGate, world), Ruling::fail),
            "alpha: memory | at least 64 GiB | 32 GiB\n");
  world.machines()[0].memory_mib = 0;
  EXPECT_RULING(kGate, world, Ruling::unknown);
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
