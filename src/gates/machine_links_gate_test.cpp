#include "gates/gates_test_support.h"

namespace gatehouse::gates_test {

namespace {

constexpr std::string_view kGate = "machine_links";

MaasInterface& data_nic(World& world) {
  return world.machines()[0].interfaces[1];
}

// What is said of alpha's eth1.
std::string observed(const World& world) {
  const Verdict verdict = verdict_of(kGate, world);
  EXPECT_EQ(verdict.ruling, Ruling::fail);
  EXPECT_EQ(verdict.checks.at(0).expected, "10.2.0.11 on back 10.2.0.0/24");
  return verdict.checks.at(0).observed;
}

TEST(MachineLinks, HoldWhereEachNicHasItsAddress) {
  EXPECT_EQ(checks_of(verdict_of(kGate, good_world()), Ruling::pass),
            "alpha eth1 | 10.2.0.11 on back 10.2.0.0/24 | 10.2.0.11\n"
            "beta eth1 | 10.2.0.12 on back 10.2.0.0/24 | 10.2.0.12\n");
}

TEST(MachineLinks, TellAMissingNicFromADisconnectedAndAnUnlinkedOne) {
  World world = good_world();
  data_nic(world).links.clear();
  EXPECT_EQ(observed(world), "no link");
  data_nic(world).is_connected = false;
  EXPECT_EQ(observed(world), "disconnected: the NIC is on no VLAN");
  data_nic(world).name = "eth2";
  EXPECT_EQ(observed(world), "no such NIC; it has eth0, eth2");
}

TEST(MachineLinks, TellALinkWithoutAddressFromOneElsewhere) {
  World world = good_world();
  data_nic(world).links = {{"auto", std::nullopt, "10.2.0.0/24"}};
  EXPECT_EQ(observed(world), "a link without address (mode auto)");
  data_nic(world).links = {{"static", "10.1.0.11", "10.1.0.0/24"}};
  EXPECT_EQ(observed(world), "no link on this subnet: 10.1.0.11 in 10.1.0.0/24");
  data_nic(world).links = {{"link_up", std::nullopt, std::nullopt}};
  EXPECT_EQ(observed(world), "no link on this subnet: no address in no subnet");
}

TEST(MachineLinks, FailOnAnotherAddressAndOnSeveral) {
  World world = good_world();
  data_nic(world).links[0].address = "10.2.0.44";
  EXPECT_EQ(observed(world), "10.2.0.44");
  data_nic(world).links.push_back({"static", "10.2.0.11", "10.2.0.0/24"});
  EXPECT_EQ(observed(world), "several addresses: 10.2.0.44, 10.2.0.11");
}

TEST(MachineLinks, SayWhereTheAddressSitsInstead) {
  World world = good_world();
  MaasInterface bridge = data_nic(world);
  bridge.name = "br0";
  world.machines()[0].interfaces.push_back(bridge);
  data_nic(world).links.clear();
  EXPECT_EQ(observed(world), "no link; 10.2.0.11 is on br0");
}

TEST(MachineLinks, FailWhereMaasShowsNoSuchMachineAndSayWhoAsked) {
  World world = good_world();
  world.machines().erase(world.machines().begin());
  EXPECT_EQ(verdict_of(kGate, world).checks.at(0).observed, "MAAS has no such machine");
  world.facts.maas_identity.value()->is_superuser = false;
  world.facts.maas_identity.value()->username = "viewer";
  const Verdict verdict = verdict_of(kGate, world);
  EXPECT_EQ(verdict.ruling, Ruling::fail);
  EXPECT_EQ(verdict.checks.at(0).observed,
            "MAAS shows no such machine to viewer, who is no administrator and does not see what "
            "others own");
}

TEST(MachineLinks, FailWhereTwoMachinesHaveTheName) {
  World world = good_world();
  world.machines().push_back(world.machines()[0]);
  EXPECT_EQ(verdict_of(kGate, world).checks.at(0).observed, "2 machines of this hostname");
}

TEST(MachineLinks, MakeAChangedSystemIdAFindingOnly) {
  World world = good_world();
  world.machines()[1].system_id = "cccccc";
  const Verdict verdict = verdict_of(kGate, world);
  EXPECT_EQ(verdict.ruling, Ruling::pass);
  ASSERT_EQ(verdict.findings.size(), 1u);
  EXPECT_EQ(verdict.findings[0].code, "maas/system-id-changed");
  EXPECT_EQ(verdict.findings[0].message, "beta has system id cccccc, the site file says bbbbbb");
}

TEST(MachineLinks, AreUnknownWhereMaasDoesNotAnswer) {
  World world = good_world();
  world.facts.maas_machines = not_told<std::vector<MaasMachine>>(ErrorKind::denied);
  const Verdict verdict = verdict_of(kGate, world);
  EXPECT_EQ(verdict.ruling, Ruling::unknown);
  EXPECT_EQ(verdict.checks.at(0).help, "look at the cable");
}

TEST(MachineLinks, HaveNothingToExamineWhereNoneIsDeclared) {
  World world = good_world();
  for (SiteMachine& machine : world.inputs.site.machines) machine.links.clear();
  EXPECT_RULING(kGate, world, Ruling::unknown);
  EXPECT_FALSE(find_gate(kGate)->applies(world.inputs));
}

}  // namespace

}  // namespace gatehouse::gates_test
