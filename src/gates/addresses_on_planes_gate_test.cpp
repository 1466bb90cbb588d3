#include "gates/gates_test_support.h"

namespace gatehouse::gates_test {

namespace {

constexpr std::string_view kGate = "addresses_on_planes";

std::vector<std::string>& addresses_of(World& world, const std::string& machine) {
  return world.model().machines.at(machine).interfaces.at("eth1").addresses;
}

TEST(AddressesOnPlanes, HoldForEachUnitAndForTheSpace) {
  EXPECT_EQ(checks_of(verdict_of(kGate, good_world()), Ruling::pass),
            "store:cluster, space | back | back\n"
            "store:cluster, unit store/0 | an address in back 10.2.0.0/24 | 10.2.0.11\n"
            "store:cluster, unit store/1 | an address in back 10.2.0.0/24 | 10.2.0.12\n");
}

TEST(AddressesOnPlanes, FailWhereOneUnitIsOnAnotherNetwork) {
  World world = good_world();
  addresses_of(world, "1") = {"10.1.0.12", "fd00::1"};
  EXPECT_EQ(checks_of(verdict_of(kGate, world), Ruling::fail),
            "store:cluster, unit store/1 | an address in back 10.2.0.0/24 | 10.1.0.12, fd00::1\n");
}

TEST(AddressesOnPlanes, FailWhereTheEndpointIsBoundToAnotherSpace) {
  World world = good_world();
  world.model().applications["store"].endpoint_bindings["cluster"] = "front-space";
  EXPECT_EQ(checks_of(verdict_of(kGate, world), Ruling::fail),
            "store:cluster, space | back | front-space\n");
}

TEST(AddressesOnPlanes, JudgeTheDefaultBindingByItsEmptyName) {
  World world = good_world();
  world.inputs.site.bindings = {{"store", {{"", {"back", {}}}}}};
  EXPECT_EQ(checks_of(verdict_of(kGate, world), Ruling::fail),
            "store (default binding), space | back | front-space\n");
}

TEST(AddressesOnPlanes, LookAtASubordinatesMachine) {
  World world = good_world();
  world.inputs.site.bindings = {{"web-ha", {{"ha", {"front", {}}}}}};
  EXPECT_RULING(kGate, world, Ruling::fail);
  addresses_of(world, "0/lxd/0") = {"10.2.0.11", "10.1.0.60"};
  addresses_of(world, "1/lxd/0") = {"10.1.0.61"};
  // The status must tell the endpoint's space, by its own name or by the default's.
  EXPECT_RULING(kGate, world, Ruling::unknown);
  world.facts.model_status.value()->applications["web-ha"].endpoint_bindings[""] = "front-space";
  EXPECT_RULING(kGate, world, Ruling::pass);
}

TEST(AddressesOnPlanes, AreUnknownWhereAMachineShowsNoAddressYet) {
  World world = good_world();
  addresses_of(world, "1").clear();
  EXPECT_RULING(kGate, world, Ruling::unknown);
  world.model().machines.erase("1");
  EXPECT_RULING(kGate, world, Ruling::unknown);
}

TEST(AddressesOnPlanes, AreUnknownWhereTheModelCannotBeSeen) {
  World world = good_world();
  world.facts.model_status = not_told<ModelStatus>();
  EXPECT_RULING(kGate, world, Ruling::unknown);
}

TEST(AddressesOnPlanes, HaveNothingToExamineWithoutUnitsOrBindings) {
  World world = good_world();
  world.model().units.clear();
  EXPECT_RULING(kGate, world, Ruling::unknown);
  world.inputs.site.bindings.clear();
  EXPECT_RULING(kGate, world, Ruling::unknown);
  EXPECT_FALSE(find_gate(kGate)->applies(world.inputs));
}

}  // namespace

}  // namespace gatehouse::gates_test
