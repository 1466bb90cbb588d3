#include "gates/gates_test_support.h"

namespace gatehouse::gates_test {

namespace {

constexpr std::string_view kGate = "secret_overlay";

TEST(SecretOverlay, HoldsWhereItIsThereAndClosed) {
  EXPECT_RULING(kGate, good_world(), Ruling::pass);
}

TEST(SecretOverlay, FailsWhereTheFileIsAbsentAndNamesTheCommandThatMakesIt) {
  World world = good_world();
  world.inputs.overlays[0].is_there = false;
  const Verdict verdict = verdict_of(kGate, world);
  EXPECT_EQ(checks_of(verdict, Ruling::fail), "secret.yaml | a secret overlay | no such file\n");
  EXPECT_EQ(
      verdict.checks.at(0).help,
      "run: gatehouse pki create --workspace ~/web-pki --overlay secret.yaml"
      " --application web --organisation Example --name Test --dns web.example.org --ip 10.1.0.50");
}

TEST(SecretOverlay, FailsWhereGroupOrOthersMayReadIt) {
  for (const unsigned mode : {0640u, 0604u, 0644u, 0601u}) {
    World world = good_world();
    world.inputs.overlays[0].mode = mode;
    EXPECT_RULING(kGate, world, Ruling::fail);
  }
}

TEST(SecretOverlay, FailsOnOtherThanAsciiAndTellsThePlaceOnly) {
  const Source source("secret.yaml", "a: 1\nb: geh\xc3\xa9im\n", Sensitivity::secret);
  World world = good_world();
  world.inputs.overlays[0].source = &source;
  EXPECT_EQ(checks_of(verdict_of(kGate, world), Ruling::fail),
            "secret.yaml: characters | ASCII only | line 2 holds other characters\n");
}

TEST(SecretOverlay, IsUnknownWhereTheFileWasNotReadOrNotLookedAt) {
  World world = good_world();
  world.inputs.overlays[0].source = nullptr;
  EXPECT_RULING(kGate, world, Ruling::unknown);
  world.inputs.overlays.clear();
  EXPECT_RULING(kGate, world, Ruling::unknown);
}

TEST(SecretOverlay, HasNothingToExamineWhereNoOverlayIsSecret) {
  World world = good_world();
  world.inputs.site.overlays[0].is_secret = false;
  EXPECT_RULING(kGate, world, Ruling::unknown);
  EXPECT_FALSE(find_gate(kGate)->applies(world.inputs));
}

}  // namespace

}  // namespace gatehouse::gates_test
