#include "gates/gates_test_support.h"

namespace gatehouse::gates_test {

namespace {

constexpr std::string_view kGate = "controller_ready";

TEST(ControllerReady, HoldsWhereTheSitesControllerKnowsTheUser) {
  EXPECT_RULING(kGate, good_world(), Ruling::pass);
}

TEST(ControllerReady, FailsAtAnotherControllerAndWithoutAUser) {
  World world = good_world();
  world.facts.juju_controller.value()->name = "other";
  world.facts.juju_controller.value()->user.clear();
  EXPECT_EQ(checks_of(verdict_of(kGate, world), Ruling::fail),
            "controller | lab | other\nuser at the controller | logged in | nobody\n");
}

TEST(ControllerReady, FailsWhereTheClientListsNone) {
  World world = good_world();
  *world.facts.juju_controller.value() = {};
  EXPECT_EQ(checks_of(verdict_of(kGate, world), Ruling::fail),
            "controller | lab | none of that name\n");
}

TEST(ControllerReady, IsUnknownWhereItDoesNotAnswer) {
  World world = good_world();
  world.facts.juju_controller = not_told<JujuController>();
  const Verdict verdict = verdict_of(kGate, world);
  EXPECT_EQ(verdict.ruling, Ruling::unknown);
  EXPECT_EQ(verdict.checks.back().help, "look at the cable");
}

TEST(ControllerReady, IsUnknownAndNamesTheLoginWhereOneIsWanted) {
  World world = good_world();
  world.facts.juju_controller = not_told<JujuController>(ErrorKind::denied);
  const Verdict verdict = verdict_of(kGate, world);
  EXPECT_EQ(verdict.ruling, Ruling::unknown);
  EXPECT_EQ(verdict.checks.back().help, "log in first: juju login -c lab");
}

TEST(ControllerReady, IsUnknownWithoutAClient) {
  World world = good_world();
  world.facts.juju_client = not_told<JujuClient>(ErrorKind::not_found);
  EXPECT_RULING(kGate, world, Ruling::unknown);
  world.facts.juju_client = seen(JujuClient{"no version"});
  EXPECT_RULING(kGate, world, Ruling::unknown);
}

TEST(ControllerReady, RemarksOnAClientWhoseOutputIsNotKnown) {
  World world = good_world();
  for (const char* version : {"2.9.52-ubuntu-amd64", "3.1.8", "4.0.15-genericlinux-amd64"}) {
    world.facts.juju_client.value()->version = version;
    EXPECT_TRUE(verdict_of(kGate, world).findings.empty()) << version;
  }
  world.facts.juju_client.value()->version = "5.0.1";
  const Verdict verdict = verdict_of(kGate, world);
  EXPECT_EQ(verdict.ruling, Ruling::pass);
  ASSERT_EQ(verdict.findings.size(), 1u);
  EXPECT_EQ(verdict.findings[0].code, "juju/client-version");
}

TEST(ControllerReady, HasNothingToExamineWhereNothingWasAsked) {
  World world = good_world();
  world.facts = {};
  EXPECT_RULING(kGate, world, Ruling::unknown);
}

}  // namespace

}  // namespace gatehouse::gates_test
