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
  EXPECT_EQ(verdict.ruling, Ruling::unknown) << "the machine may be there and somebody else's";
  EXPECT_EQ(verdict.checks.at(0).observed,
            "MAAS shows no such machine to viewer, who is no administrator and does not see what "
            "others own");
}

TEST(MachineLinks, FailWhereTwoMachinesHaveTheName) {
  World world = good_world();
  world.machines().push_back(world.machines()[0]);
  EXPECT_EQ(verdict_of(kGate, world).checks.at(0).observed, "2 machines of this hostname");
}

TEST(MachineLinks, AreUnknownWhereNobodyKnowsWhoAsked) {
  World world = good_world();
  world.machines().clear();
  world.facts.maas_identity = not_told<MaasIdentity>();
  const Verdict verdict = verdict_of(kGate, world);
  EXPECT_EQ(verdict.ruling, Ruling::unknown);
  EXPECT_EQ(
      verdict.checks.at(0).observed,
      "MAAS shows no such machine, and whether its user would see it is not known: no answer");
}

TEST(MachineLinks, FailOnAnAddressThatIsNotFixed) {
  World world = good_world();
  data_nic(world).links[0].mode = "dhcp";
  EXPECT_EQ(observed(world), "10.2.0.11 (mode dhcp)");
}

/// store binds both planes, and has a unit on each machine.
World bound_world() {
  World world = good_world();
  world.application("store").bindings = {{"", {"front-space", {}}}, {"cluster", {"back", {}}}};
  for (MaasMachine& machine : world.machines()) {
    machine.interfaces[0].links = {{"auto", std::nullopt, "10.1.0.0/24"}};
  }
  return world;
}

TEST(MachineLinks, HoldWhereEveryPlaneThatTheBundleBindsIsServed) {
  EXPECT_EQ(checks_of(verdict_of(kGate, bound_world()), Ruling::pass),
            "alpha eth1 | 10.2.0.11 on back 10.2.0.0/24 | 10.2.0.11\n"
            "alpha on front 10.1.0.0/24 | a NIC with an address there, for store | eth0\n"
            "alpha on back 10.2.0.0/24 | a NIC with an address there, for store | eth1\n"
            "beta eth1 | 10.2.0.12 on back 10.2.0.0/24 | 10.2.0.12\n"
            "beta on front 10.1.0.0/24 | a NIC with an address there, for store | eth0\n"
            "beta on back 10.2.0.0/24 | a NIC with an address there, for store | eth1\n");
}

TEST(MachineLinks, FailOnAPlaneThatOnlyTheBundleNames) {
  World world = bound_world();
  MaasInterface& nic = world.machines()[1].interfaces[0];
  nic.links = {{"link_up", std::nullopt, "10.1.0.0/24"}};
  EXPECT_EQ(checks_of(verdict_of(kGate, world), Ruling::fail),
            "beta on front 10.1.0.0/24 | a NIC with an address there, for store | "
            "eth0 has a link without address (mode link_up)\n");
  nic.links.clear();
  EXPECT_EQ(checks_of(verdict_of(kGate, world), Ruling::fail),
            "beta on front 10.1.0.0/24 | a NIC with an address there, for store | "
            "no NIC is linked to it\n");
  // An address on a bond serves as well as one on the NIC.
  world.machines()[1].interfaces.push_back({.name = "bond0",
                                            .type = "bond",
                                            .mac_address = "",
                                            .links = {{"static", "10.1.0.12", "10.1.0.0/24"}}});
  EXPECT_RULING(kGate, world, Ruling::pass);
}

TEST(MachineLinks, CountWhatIsInContainersAndASubordinateWhereItsOnePrincipalIs) {
  World world = bound_world();
  world.bundle().relations.push_back({"logger:host", "store:logs", {}});
  BundleApplication logger;
  logger.name = "logger";
  logger.bindings = {{"", {"front-space", {}}}};
  world.bundle().applications["logger"] = logger;
  world.application("web").bindings = {{"", {"front-space", {}}}};
  world.application("web-ha").bindings = {{"", {"front-space", {}}}};
  for (MaasMachine& machine : world.machines()) machine.interfaces[0].links.clear();
  EXPECT_EQ(checks_of(verdict_of(kGate, world), Ruling::fail),
            "alpha on front 10.1.0.0/24 | a NIC with an address there, for logger, store, web | "
            "no NIC is linked to it\n"
            "beta on front 10.1.0.0/24 | a NIC with an address there, for logger, store, web | "
            "no NIC is linked to it\n");
}

TEST(MachineLinks, CountASubordinateWhereEachOfItsPrincipalsIs) {
  World world = bound_world();
  world.application("store").bindings.clear();
  world.application("web-ha").bindings = {{"", {"front-space", {}}}};
  for (MaasMachine& machine : world.machines()) machine.interfaces[0].links.clear();
  // Related to both, and nobody knows the charm.
  EXPECT_RULING(kGate, world, Ruling::pass);
  world.inputs.principals["web-ha"] = {"shop", "web", "of another model"};
  EXPECT_EQ(checks_of(verdict_of(kGate, world), Ruling::fail),
            "alpha on front 10.1.0.0/24 | a NIC with an address there, for web-ha | "
            "no NIC is linked to it\n"
            "beta on front 10.1.0.0/24 | a NIC with an address there, for web-ha | "
            "no NIC is linked to it\n");
  world.plan->machines[0].constraints = "tags=edge";
  world.plan->machines[1].constraints = "tags=core";
  world.machines()[0].tags = {"edge"};
  world.machines()[1].tags = {"core"};
  world.inputs.principals["web-ha"] = {"shop"};
  EXPECT_EQ(checks_of(verdict_of(kGate, world), Ruling::fail),
            "beta on front 10.1.0.0/24 | a NIC with an address there, for web-ha | "
            "no NIC is linked to it\n");
}

TEST(MachineLinks, AskOfAMachineOnlyWhatItMayBeGivenFor) {
  World world = bound_world();
  world.plan->machines[0].constraints = "tags=edge";
  world.plan->machines[1].constraints = "tags=core";
  world.machines()[0].tags = {"edge"};
  world.machines()[1].tags = {"core"};
  world.plan->units = {{"store/0", "store", "0"}};
  world.machines()[1].interfaces[0].links.clear();
  EXPECT_RULING(kGate, world, Ruling::pass);
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
