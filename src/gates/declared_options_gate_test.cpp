#include "gates/gates_test_support.h"

namespace gatehouse::gates_test {

namespace {

constexpr std::string_view kGate = "declared_options";

// The bundle's value against the site's.
Ruling ruling_of(json::value declared, json::value given) {
  World world = good_world();
  world.inputs.site.plan.options = {{"store", {{"memory", {std::move(declared), {}}}}}};
  world.application("store").options["memory"].value = std::move(given);
  return verdict_of(kGate, world).ruling;
}

TEST(DeclaredOptions, HoldWhereTheValueSetsTheSame) {
  EXPECT_EQ(ruling_of(8192, 8192), Ruling::pass);
  EXPECT_EQ(ruling_of(8192, "8192"), Ruling::pass);
  EXPECT_EQ(ruling_of(8192, 8192.0), Ruling::pass);
  EXPECT_EQ(ruling_of("8192", 8192u), Ruling::pass);
  EXPECT_EQ(ruling_of(true, true), Ruling::pass);
  EXPECT_EQ(ruling_of(true, "True"), Ruling::pass);
  EXPECT_EQ(ruling_of("one", "one"), Ruling::pass);
  EXPECT_EQ(ruling_of(nullptr, nullptr), Ruling::pass);
}

TEST(DeclaredOptions, FailWhereTheValueIsAnother) {
  EXPECT_EQ(ruling_of(8192, 4096), Ruling::fail);
  EXPECT_EQ(ruling_of(8192, "8192 MB"), Ruling::fail);
  EXPECT_EQ(ruling_of(true, false), Ruling::fail);
  EXPECT_EQ(ruling_of(true, 1), Ruling::fail);
  EXPECT_EQ(ruling_of("1.10", "1.1"), Ruling::fail);
  EXPECT_EQ(ruling_of("", nullptr), Ruling::fail);
}

TEST(DeclaredOptions, FailWhereOptionOrApplicationIsMissing) {
  World world = good_world();
  world.application("store").options.clear();
  EXPECT_EQ(checks_of(verdict_of(kGate, world), Ruling::fail), "store memory | 8192 | not set\n");
  world.bundle().applications.erase("store");
  EXPECT_EQ(checks_of(verdict_of(kGate, world), Ruling::fail),
            "store memory | 8192 | the bundle has no application store\n");
}

TEST(DeclaredOptions, ShowNothingOfAValueFromASecretOverlay) {
  const Source secret("secret.yaml", "memory: swordfish\n", Sensitivity::secret);
  World world = good_world();
  world.application("store").options["memory"] = {"swordfish", "swordfish", {&secret, {1, 9}, {}}};
  EXPECT_RULING(kGate, world, Ruling::fail);
  const std::string shown = json::serialize(to_json(verdict_of(kGate, world)));
  EXPECT_EQ(shown.find("swordfish"), std::string::npos);
}

TEST(DeclaredOptions, AreUnknownWithoutABundle) {
  World world = good_world();
  world.inputs.loaded.bundle.reset();
  world.inputs.loaded.refusal = "ERROR cannot deploy bundle";
  const Verdict verdict = verdict_of(kGate, world);
  EXPECT_EQ(verdict.ruling, Ruling::unknown);
  EXPECT_EQ(verdict.checks.at(0).observed, "ERROR cannot deploy bundle");
}

TEST(DeclaredOptions, HaveNothingToExamineWhereNoneIsDeclared) {
  World world = good_world();
  world.inputs.site.plan.options.clear();
  EXPECT_RULING(kGate, world, Ruling::unknown);
}

}  // namespace

}  // namespace gatehouse::gates_test
