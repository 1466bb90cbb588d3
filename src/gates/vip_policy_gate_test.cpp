#include "gates/gates_test_support.h"

namespace gatehouse::gates_test {

namespace {

constexpr std::string_view kGate = "vip_policy";

World with_vips(std::string_view web, std::string_view shop) {
  World world = good_world();
  world.application("web").options["vip"].value = web;
  world.application("shop").options["vip"].value = shop;
  return world;
}

std::string failures(const World& world) {
  return checks_of(verdict_of(kGate, world), Ruling::fail);
}

TEST(VipPolicy, HoldsAlsoWithMoreBlanksBetweenTheLegs) {
  EXPECT_RULING(kGate, with_vips("10.1.0.50   10.2.0.50", " 10.1.0.59 10.2.0.59 "), Ruling::pass);
}

TEST(VipPolicy, FailsInAnotherBandThanTheDeclaredOne) {
  EXPECT_EQ(failures(with_vips("10.1.0.10 10.2.0.10", "10.1.0.51 10.2.0.51")),
            "web vip: front leg | an address of 10.1.0.50-10.1.0.59, in front 10.1.0.0/24 | "
            "10.1.0.10\n"
            "web vip: back leg | an address of 10.2.0.50-10.2.0.59, in back 10.2.0.0/24 | "
            "10.2.0.10\n");
}

TEST(VipPolicy, FailsWhereALegIsMissingOrOneTooMany) {
  EXPECT_EQ(failures(with_vips("10.1.0.50", "10.1.0.51 10.2.0.51")),
            "web vip: number of addresses | 2 | 1\n"
            "web vip: back leg | an address of 10.2.0.50-10.2.0.59, in back 10.2.0.0/24 | none\n");
  EXPECT_RULING(kGate, with_vips("10.1.0.50 10.2.0.50 10.3.0.50", "10.1.0.51 10.2.0.51"),
                Ruling::fail);
  EXPECT_RULING(kGate, with_vips("", "10.1.0.51 10.2.0.51"), Ruling::fail);
}

TEST(VipPolicy, FailsWhereLegsAreSwapped) {
  EXPECT_RULING(kGate, with_vips("10.2.0.50 10.1.0.50", "10.1.0.51 10.2.0.51"), Ruling::fail);
}

TEST(VipPolicy, FailsWhereTwoApplicationsShareAnAddress) {
  EXPECT_EQ(failures(with_vips("10.1.0.50 10.2.0.50", "10.1.0.50 10.2.0.50")),
            "front legs: addresses given twice | none | 10.1.0.50 of shop and web\n"
            "back legs: addresses given twice | none | 10.2.0.50 of shop and web\n");
}

TEST(VipPolicy, FailsOnAnAddressOfTheInfrastructure) {
  World world = with_vips("10.1.0.50 10.2.0.20", "10.1.0.51 10.2.0.51");
  EXPECT_NE(failures(world).find("web vip: infrastructure | no address of registry | 10.2.0.20 "
                                 "belongs to registry\n"),
            std::string::npos);
}

TEST(VipPolicy, FailsWhereHostPartsDifferUnlessTheyMay) {
  World world = with_vips("10.1.0.50 10.2.0.52", "10.1.0.51 10.2.0.51");
  EXPECT_EQ(failures(world), "web vip: host parts | the same on every plane | 50, 52\n");
  world.inputs.site.vips->same_host_part = false;
  EXPECT_RULING(kGate, world, Ruling::pass);
}

TEST(VipPolicy, FailsOnTextThatIsNoAddress) {
  EXPECT_RULING(kGate, with_vips("10.1.0.050 10.2.0.50", "10.1.0.51 10.2.0.51"), Ruling::fail);
  World world = good_world();
  world.application("web").options["vip"].value = json::array{"10.1.0.50", "10.2.0.50"};
  EXPECT_RULING(kGate, world, Ruling::fail);
}

TEST(VipPolicy, FailsWhereAnotherNumberOfApplicationsHasVips) {
  World world = good_world();
  world.inputs.site.vips->count = 11;
  EXPECT_EQ(failures(world), "applications with option vip | 11 | 2\n");
}

TEST(VipPolicy, FailsWithoutTheRelationThatBringsTheVipUp) {
  World world = good_world();
  world.bundle().relations = {{"web:ha", "web-ha:ha", {}}, {"shop:backup", "web-ha:ha", {}}};
  EXPECT_EQ(failures(world), "shop vip: relation | a relation on shop:ha | none\n");
}

TEST(VipPolicy, IsUnknownWhereARelationLeavesTheEndpointToJuju) {
  World world = good_world();
  world.bundle().relations = {{"web:ha", "web-ha:ha", {}}, {"shop", "web-ha", {}}};
  EXPECT_RULING(kGate, world, Ruling::unknown);
}

TEST(VipPolicy, FailsWhereMaasSaysThatAnAddressIsInUse) {
  World world = good_world();
  world.facts.maas_addresses["10.2.0.0/24"] =
      seen(std::vector<MaasAddress>{{"10.2.0.51", "intruder"}, {"10.2.0.55", "nobody's"}});
  EXPECT_EQ(failures(world),
            "back legs: addresses in use by others | none | 10.2.0.51 by intruder\n");
}

TEST(VipPolicy, IsUnknownWhereMaasWasNotAskedOrDidNotAnswer) {
  World world = good_world();
  world.facts.maas_addresses.erase("10.1.0.0/24");
  EXPECT_RULING(kGate, world, Ruling::unknown);
  world.facts.maas_addresses["10.1.0.0/24"] = not_told<std::vector<MaasAddress>>();
  EXPECT_RULING(kGate, world, Ruling::unknown);
}

TEST(VipPolicy, StillFailsOnWhatTheBundleShowsWhereMaasIsSilent) {
  World world = with_vips("10.1.0.10 10.2.0.10", "10.1.0.51 10.2.0.51");
  world.facts = {};
  EXPECT_RULING(kGate, world, Ruling::fail);
}

TEST(VipPolicy, ShowsNothingOfAValueFromASecretOverlay) {
  const Source secret("secret.yaml", "vip: swordfish\n", Sensitivity::secret);
  World world = with_vips("swordfish", "10.1.0.51 10.2.0.51");
  world.application("web").options["vip"].span = {&secret, {1, 6}, {1, 15}};
  EXPECT_RULING(kGate, world, Ruling::fail);
  const std::string shown = json::serialize(to_json(verdict_of(kGate, world)));
  EXPECT_EQ(shown.find("swordfish"), std::string::npos);
}

TEST(VipPolicy, PointsAtTheLineOfTheValue) {
  const Source bundle("bundle.yaml", "vip: 10.1.0.10\n", Sensitivity::open);
  World world = with_vips("10.1.0.10 10.2.0.50", "10.1.0.51 10.2.0.51");
  world.application("web").options["vip"].span = {&bundle, {1, 6}, {1, 15}};
  for (const Check& check : verdict_of(kGate, world).checks) {
    if (check.ruling != Ruling::fail) continue;
    EXPECT_EQ(to_string(check.span), "bundle.yaml:1:6") << check.subject;
  }
}

TEST(VipPolicy, HasNothingToExamineWithoutBundlePolicyOrVips) {
  World world = good_world();
  world.inputs.site.vips->count = 0;
  world.application("web").options.clear();
  world.application("shop").options.clear();
  EXPECT_RULING(kGate, world, Ruling::unknown);
  world.inputs.loaded.bundle.reset();
  EXPECT_RULING(kGate, world, Ruling::unknown);
  world.inputs.site.vips.reset();
  EXPECT_RULING(kGate, world, Ruling::unknown);
}

}  // namespace

}  // namespace gatehouse::gates_test
