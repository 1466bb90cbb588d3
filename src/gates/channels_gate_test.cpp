#include "gates/gates_test_support.h"

namespace gatehouse::gates_test {

namespace {

constexpr std::string_view kGate = "channels";

Ruling ruling_of(std::string_view rule, std::string_view given) {
  World world = good_world();
  world.inputs.site.plan.channels = {{"web", std::string(rule), {}}, {"*", "stable", {}}};
  world.plan->applications[2].channel = given;
  return verdict_of(kGate, world).ruling;
}

TEST(Channels, HoldWhereTheFirstRuleThatFitsNamesTheChannel) {
  EXPECT_RULING(kGate, good_world(), Ruling::pass);
}

TEST(Channels, AreComparedWhole) {
  EXPECT_EQ(ruling_of("stable", "latest/stable"), Ruling::pass);
  EXPECT_EQ(ruling_of("8.0", "8.0/stable"), Ruling::pass);
  EXPECT_EQ(ruling_of("edge/fix", "latest/edge/fix"), Ruling::pass);
  EXPECT_EQ(ruling_of("8.0/stable", "8.0/edge"), Ruling::fail);
  EXPECT_EQ(ruling_of("8.0/stable", "8.1/stable"), Ruling::fail);
  EXPECT_EQ(ruling_of("stable", "stable/fix"), Ruling::fail);
}

TEST(Channels, FailWhereNoneIsGiven) {
  EXPECT_EQ(ruling_of("stable", ""), Ruling::fail);
}

TEST(Channels, FailWhereNoRuleFitsTheCharm) {
  World world = good_world();
  world.inputs.site.plan.channels.pop_back();
  EXPECT_EQ(checks_of(verdict_of(kGate, world), Ruling::fail),
            "channel of shop (shop) | a rule of the site for this charm | latest/stable\n"
            "channel of store (store) | a rule of the site for this charm | stable\n"
            "channel of web-ha (web-ha) | a rule of the site for this charm | latest/stable\n");
}

TEST(Channels, GoByTheCharmAndNotByTheApplication) {
  World world = good_world();
  world.plan->applications[0].charm = "web";
  EXPECT_EQ(checks_of(verdict_of(kGate, world), Ruling::fail),
            "channel of shop (web) | 2.0/stable | latest/stable\n");
}

TEST(Channels, AreUnknownWithoutAPlan) {
  World world = good_world();
  world.plan.reset();
  EXPECT_RULING(kGate, world, Ruling::unknown);
}

TEST(Channels, HaveNothingToExamineWithoutRulesOrApplications) {
  World world = good_world();
  world.plan->applications.clear();
  EXPECT_RULING(kGate, world, Ruling::unknown);
  world.inputs.site.plan.channels.clear();
  EXPECT_RULING(kGate, world, Ruling::unknown);
}

}  // namespace

}  // namespace gatehouse::gates_test
