#include "gates/gates_test_support.h"

namespace gatehouse::gates_test {

namespace {

constexpr std::string_view kGate = "subnet_dns";

std::string failures(const World& world) {
  return checks_of(verdict_of(kGate, world), Ruling::fail);
}

TEST(SubnetDns, HoldsWhereEverySubnetIsAsDeclared) {
  EXPECT_EQ(checks_of(verdict_of(kGate, good_world()), Ruling::pass),
            "front: space | front-space | front-space\n"
            "front: DNS servers | 10.1.0.1 | 10.1.0.1\n"
            "front: gateway | 10.1.0.1 | 10.1.0.1\n"
            "back: space | back | back\n"
            "back: DNS servers | 10.1.0.1 | 10.1.0.1\n"
            "back: MTU | 9000 | 9000\n"
            "back: VLAN | 0 | 0\n");
}

TEST(SubnetDns, FailsOnAnotherServerOneTooManyNoneAndAnotherOrder) {
  World world = good_world();
  world.subnets()[1].dns_servers = {"10.2.0.1"};
  EXPECT_EQ(failures(world), "back: DNS servers | 10.1.0.1 | 10.2.0.1\n");
  world.subnets()[1].dns_servers = {"10.1.0.1", "10.2.0.9"};
  EXPECT_EQ(failures(world), "back: DNS servers | 10.1.0.1 | 10.1.0.1, 10.2.0.9\n");
  world.subnets()[1].dns_servers.clear();
  EXPECT_EQ(failures(world), "back: DNS servers | 10.1.0.1 | none\n");
  world.inputs.site.planes[1].dns = {ip("10.1.0.1"), ip("10.1.0.2")};
  world.subnets()[1].dns_servers = {"10.1.0.2", "10.1.0.1"};
  EXPECT_RULING(kGate, world, Ruling::fail);
}

TEST(SubnetDns, HoldsWhereNoServerIsDeclaredAndNoneIsThere) {
  World world = good_world();
  world.inputs.site.planes[1].dns.clear();
  world.subnets()[1].dns_servers.clear();
  EXPECT_RULING(kGate, world, Ruling::pass);
}

TEST(SubnetDns, FailsOnAnotherSpaceGatewayMtuAndVlan) {
  World world = good_world();
  world.subnets()[0].space.clear();
  world.subnets()[0].gateway = "10.1.0.254";
  world.subnets()[1].mtu = 1500;
  world.subnets()[1].vid.reset();
  EXPECT_EQ(failures(world),
            "front: space | front-space | none\n"
            "front: gateway | 10.1.0.1 | 10.1.0.254\n"
            "back: MTU | 9000 | 1500\n"
            "back: VLAN | 0 | none\n");
}

TEST(SubnetDns, FailsWhereMaasHasNoSubnetOfTheCidr) {
  World world = good_world();
  world.subnets().pop_back();
  EXPECT_EQ(failures(world), "back | subnet 10.2.0.0/24 | MAAS has no subnet of this CIDR\n");
}

TEST(SubnetDns, MakesAChangedIdAFindingOnly) {
  World world = good_world();
  world.subnets()[1].id = 21;
  const Verdict verdict = verdict_of(kGate, world);
  EXPECT_EQ(verdict.ruling, Ruling::pass);
  ASSERT_EQ(verdict.findings.size(), 1u);
  EXPECT_EQ(verdict.findings[0].code, "maas/subnet-id-changed");
}

TEST(SubnetDns, IsUnknownWhereMaasDoesNotAnswer) {
  World world = good_world();
  world.facts.maas_subnets = not_told<std::vector<MaasSubnet>>();
  EXPECT_RULING(kGate, world, Ruling::unknown);
}

TEST(SubnetDns, HasNothingToExamineWithoutPlanes) {
  World world = good_world();
  world.inputs.site.planes.clear();
  EXPECT_RULING(kGate, world, Ruling::unknown);
}

}  // namespace

}  // namespace gatehouse::gates_test
