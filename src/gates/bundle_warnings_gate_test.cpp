#include "gates/gates_test_support.h"

namespace gatehouse::gates_test {

namespace {

constexpr std::string_view kGate = "bundle_warnings";

TEST(BundleWarnings, HoldWhereBundleAndDryRunRemarkOnWhatTheSiteKnows) {
  EXPECT_RULING(kGate, good_world(), Ruling::pass);
}

TEST(BundleWarnings, DoNotCompareLineNumbers) {
  World world = good_world();
  world.dry_run().remarks = {"line 77: field name not found in type charm.bundleData"};
  EXPECT_RULING(kGate, world, Ruling::pass);
}

TEST(BundleWarnings, HoldWithoutADryRunAndWithoutAnyRemark) {
  World world = good_world();
  world.facts.dry_run = {};
  EXPECT_RULING(kGate, world, Ruling::pass);
  world.bundle().remarks.clear();
  world.inputs.site.plan.warnings.clear();
  EXPECT_RULING(kGate, world, Ruling::pass);
}

TEST(BundleWarnings, FailOnOneMoreAndOnOneLessInTheBundle) {
  World world = good_world();
  StrictRemark remark = world.bundle().remarks[0];
  remark.scope = "application";
  remark.field = "chanel";
  remark.text = "line 9: field chanel not found in type charm.ApplicationSpec";
  world.bundle().remarks.push_back(remark);
  EXPECT_EQ(
      checks_of(verdict_of(kGate, world), Ruling::fail),
      "fields that Juju would ignore | bundle.name | application.chanel (line 9: field chanel "
      "not found in type charm.ApplicationSpec), bundle.name (line 3: field name not found in "
      "type charm.bundleData)\n");
  world.bundle().remarks.clear();
  EXPECT_RULING(kGate, world, Ruling::fail);
}

TEST(BundleWarnings, FailOnARemarkOfAnotherKindOnAnExpectedField) {
  World world = good_world();
  world.bundle().remarks[0].kind = RemarkKind::duplicate_key;
  EXPECT_RULING(kGate, world, Ruling::fail);
}

TEST(BundleWarnings, FailOnOneMoreAndOnOneLessInTheDryRun) {
  World world = good_world();
  world.dry_run().remarks.push_back("line 80: field too not found in type charm.ApplicationSpec");
  EXPECT_RULING(kGate, world, Ruling::fail);
  world.dry_run().remarks.clear();
  EXPECT_RULING(kGate, world, Ruling::fail);
}

TEST(BundleWarnings, FailOnAnyOtherWarning) {
  World world = good_world();
  world.dry_run().warnings = {"something is deprecated"};
  EXPECT_EQ(checks_of(verdict_of(kGate, world), Ruling::fail),
            "other warnings of the dry run | none | something is deprecated\n");
}

TEST(BundleWarnings, UnderstandTheTypesOfNewAndOldClients) {
  const std::pair<const char*, const char*> known[] = {
      {"type charm.bundleData", "bundle"},
      {"bundle", "bundle"},
      {"type charm.ApplicationSpec", "application"},
      {"applications", "application"},
      {"type charm.MachineSpec", "machine"},
      {"machines", "machine"},
      {"type charm.OfferSpec", "offer"},
      {"saas", "saas"},
      {"type charm.ExposedEndpointSpec", "exposed-endpoint"}};
  for (const auto& [type, scope] : known) {
    World world = good_world();
    world.bundle().remarks[0].scope = scope;
    world.inputs.site.plan.warnings[0].value = std::string(scope) + ".name";
    world.dry_run().remarks = {std::string("line 1: field name not found in ") + type};
    EXPECT_RULING(kGate, world, Ruling::pass);
  }
}

TEST(BundleWarnings, NeverOverlookARemarkOfAnotherForm) {
  World world = good_world();
  world.dry_run().remarks.push_back("line 5: key \"name\" already set in map");
  EXPECT_RULING(kGate, world, Ruling::fail);
}

TEST(BundleWarnings, AreUnknownWhereTheDryRunFailedOrWasRefused) {
  World world = good_world();
  world.dry_run() = {};
  world.dry_run().refusal = "ERROR cannot deploy bundle";
  EXPECT_RULING(kGate, world, Ruling::unknown);
  world.facts.dry_run = not_told<DryRun>();
  EXPECT_RULING(kGate, world, Ruling::unknown);
}

TEST(BundleWarnings, HaveNothingToExamineWithoutABundle) {
  World world = good_world();
  world.inputs.loaded.bundle.reset();
  EXPECT_RULING(kGate, world, Ruling::unknown);
}

}  // namespace

}  // namespace gatehouse::gates_test
