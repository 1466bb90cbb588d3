#include "gates/gates_test_support.h"

namespace gatehouse::gates_test {

namespace {

constexpr std::string_view kGate = "unit_states";

std::string failures(const World& world) {
  return checks_of(verdict_of(kGate, world), Ruling::fail);
}

TEST(UnitStates, HoldWithOneCheckForEachApplication) {
  const Verdict verdict = verdict_of(kGate, good_world());
  EXPECT_EQ(checks_of(verdict, Ruling::pass),
            "shop | 1 unit: blocked, idle, message \"*run the `set-up` action*\" | 1 unit, all so\n"
            "store | 2 units: active, idle, message \"*ONLINE*\", 1 x \"*R/O*\", 1 x \"*R/W*\" | "
            "2 units, all so\n"
            "web | 1 unit: blocked, idle, message \"*run the `set-up` action*\" | 1 unit, all so\n"
            "web-ha | 2 units: active, idle | 2 units, all so\n");
}

TEST(UnitStates, FailWhereAnApplicationThatMustBeBlockedIsActive) {
  World world = good_world();
  world.model().units["web/0"].workload = {"active", "Unit is ready", ""};
  EXPECT_EQ(failures(world),
            "web | 1 unit: blocked, idle, message \"*run the `set-up` action*\" | "
            "1 unit: web/0 active, idle: Unit is ready\n");
}

TEST(UnitStates, FailOnTheRightStateWithAnotherMessage) {
  World world = good_world();
  world.model().units["web/0"].workload.message = "Missing certificate";
  EXPECT_RULING(kGate, world, Ruling::fail);
}

TEST(UnitStates, FailWhereAnAgentIsNotIdle) {
  World world = good_world();
  world.model().units["web-ha/1"].agent.current = "executing";
  EXPECT_EQ(failures(world),
            "web-ha | 2 units: active, idle | 2 units: web-ha/1 active, executing\n");
}

TEST(UnitStates, FailWhereUnitsAreMissingOrTooMany) {
  World world = good_world();
  world.model().units.erase("web-ha/1");
  EXPECT_EQ(failures(world), "web-ha | 2 units: active, idle | 1 unit: none with shop/0\n");
  world = good_world();
  UnitStatus further = world.model().units["web/0"];
  further.name = "web/1";
  world.model().units["web/1"] = further;
  EXPECT_RULING(kGate, world, Ruling::fail);
}

TEST(UnitStates, FailOnAnApplicationTooManyAndOnAMissingOne) {
  World world = good_world();
  world.model().applications["legacy"].name = "legacy";
  world.model().applications.erase("shop");
  EXPECT_EQ(failures(world),
            "shop | in the model | not in the model\n"
            "legacy | not in the model, for no bundle plans it | in the model\n");
}

TEST(UnitStates, CountTheUnitsThatShowAMessage) {
  World world = good_world();
  world.model().units["store/1"].workload.message = "Mode: R/W, Cluster is ONLINE";
  EXPECT_NE(failures(world).find("2 units: 0 x \"*R/O*\", 2 x \"*R/W*\""), std::string::npos);
}

TEST(UnitStates, TakeTheRestOfAnExpectationFromTheDefault) {
  World world = good_world();
  world.inputs.site.settled.otherwise.agent = "executing";
  EXPECT_RULING(kGate, world, Ruling::fail);
  for (auto& [name, unit] : world.model().units) unit.agent.current = "executing";
  EXPECT_RULING(kGate, world, Ruling::pass);
}

TEST(UnitStates, ExpectActiveAndIdleWhereNothingIsDeclared) {
  World world = good_world();
  world.inputs.site.settled.otherwise = {};
  world.inputs.site.settled.expect.clear();
  EXPECT_RULING(kGate, world, Ruling::fail);
  for (auto& [name, unit] : world.model().units) unit.workload.current = "active";
  EXPECT_RULING(kGate, world, Ruling::pass);
}

TEST(UnitStates, DoNotMindTheOrderOfAMessagesParts) {
  World world = good_world();
  world.inputs.site.settled.expect[0].message = "'a' missing, 'b' incomplete";
  for (const char* unit : {"web/0", "shop/0"}) {
    world.model().units[unit].workload.message = "'b' incomplete, 'a' missing";
  }
  EXPECT_RULING(kGate, world, Ruling::pass);
}

TEST(UnitStates, DoNotMindTheOrderBehindAHeading) {
  World world = good_world();
  world.inputs.site.settled.expect[0].message = "Missing relations: image, messaging";
  world.model().units["web/0"].workload.message = "Missing relations: messaging, image";
  world.model().units["shop/0"].workload.message = "PO: Missing relations: image, messaging";
  EXPECT_RULING(kGate, world, Ruling::pass);
  world.model().units["web/0"].workload.message = "Incomplete relations: messaging, image";
  EXPECT_RULING(kGate, world, Ruling::fail);
}

TEST(UnitStates, WantASubordinateWithEachPrincipalUnit) {
  World world = good_world();
  world.model().units["web-ha/1"].principal = "web/0";
  EXPECT_EQ(failures(world), "web-ha | 2 units: active, idle | 2 units: none with shop/0\n");
}

TEST(UnitStates, WantNoSubordinateOfASubordinate) {
  World world = good_world();
  world.plan->applications.push_back({"watch", "watch", "stable", ""});
  world.plan->relations.push_back({"watch:host", "web:juju-info"});
  ApplicationStatus& watch = world.model().applications["watch"];
  watch.name = "watch";
  watch.subordinate_to = {"web", "web-ha"};
  UnitStatus unit = world.model().units["web-ha/0"];
  unit.name = "watch/0";
  unit.application = "watch";
  unit.principal = "web/0";
  world.model().units["watch/0"] = unit;
  EXPECT_RULING(kGate, world, Ruling::pass);
}

TEST(UnitStates, FailWhileAnApplicationIsDying) {
  World world = good_world();
  world.model().applications["web"].life = "dying";
  EXPECT_NE(failures(world).find("1 unit: the application is dying"), std::string::npos);
}

TEST(UnitStates, WantAStateThatIsNewerThanTheDeploy) {
  World world = good_world();
  world.facts.history.newer_than = parse_rfc3339("2026-11-22T12:00:00Z");
  world.model().units["web/0"].workload.since = "2026-11-22 11:56:00Z";
  EXPECT_RULING(kGate, world, Ruling::pass);  // Two clocks may differ by so much.
  world.model().units["web/0"].workload.since = "2026-11-22 10:00:00Z";
  EXPECT_NE(failures(world).find("web/0 since 2026-11-22 10:00:00Z, before the deploy"),
            std::string::npos);
  world.model().units["web/0"].workload.since = "21 Mar 2023 14:47:56Z";
  EXPECT_RULING(kGate, world, Ruling::pass);
}

TEST(UnitStates, WantAnEmptyMessageWhereOneIsDeclared) {
  World world = good_world();
  world.inputs.site.settled.expect[0].message = "";
  EXPECT_RULING(kGate, world, Ruling::fail);
}

TEST(UnitStates, RemarkOnABrokenPolicyOverride) {
  World world = good_world();
  world.model().units["web/0"].workload.message = "PO (broken): run the `set-up` action";
  const Verdict verdict = verdict_of(kGate, world);
  EXPECT_EQ(verdict.ruling, Ruling::pass);
  ASSERT_EQ(verdict.findings.size(), 1u);
  EXPECT_EQ(verdict.findings[0].code, "juju/policyd-broken");
  EXPECT_EQ(verdict.findings[0].subject, "web");
}

TEST(UnitStates, AreUnknownWhereASubordinateHasNoPrincipalYet) {
  World world = good_world();
  world.model().applications["web-ha"].subordinate_to.clear();
  world.model().units.erase("web-ha/0");
  world.model().units.erase("web-ha/1");
  EXPECT_EQ(checks_of(verdict_of(kGate, world), Ruling::unknown),
            "web-ha | some units: active, idle | no unit\n");
}

TEST(UnitStates, HoldWhereNoUnitIsPlannedAndNothingCouldBringOne) {
  World world = good_world();
  world.plan->applications.push_back({"spare", "spare", "stable", ""});
  world.model().applications["spare"].name = "spare";
  EXPECT_RULING(kGate, world, Ruling::pass);
}

TEST(UnitStates, AreUnknownWithoutModelOrPlan) {
  World world = good_world();
  world.plan.reset();
  EXPECT_RULING(kGate, world, Ruling::unknown);
  world = good_world();
  world.facts.model_status = not_told<ModelStatus>();
  EXPECT_RULING(kGate, world, Ruling::unknown);
}

TEST(UnitStates, HaveNothingToExamineWhereNothingIsPlannedAndNothingThere) {
  World world = good_world();
  world.plan->applications.clear();
  world.model() = {};
  EXPECT_RULING(kGate, world, Ruling::unknown);
}

}  // namespace

}  // namespace gatehouse::gates_test
