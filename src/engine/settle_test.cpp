#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/engine_test_support.h"

namespace gatehouse::engine_test {

namespace {

using testing::HasSubstr;

std::size_t count_of(const World& world, std::string_view kind) {
  const auto kinds = world.kinds();
  return static_cast<std::size_t>(std::count(kinds.begin(), kinds.end(), kind));
}

TEST(Settle, holds_only_after_the_dwell_time) {
  World world;
  const Milliseconds began = world.clock.time;
  const auto outcome = world.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, RunEnd::holds);
  EXPECT_GE(world.clock.time - began, world.inputs.site.settled.dwell);
  EXPECT_EQ(count_of(world, "sample"), 1U) << "a sample without change is not recorded";
}

TEST(Settle, begins_the_dwell_anew_when_the_model_moves) {
  World world;
  script().messages = {"one", "one", "one", "two", "three"};
  const Milliseconds began = world.clock.time;
  const auto outcome = world.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, RunEnd::holds);
  EXPECT_EQ(count_of(world, "sample"), 3U);
  EXPECT_GE(world.clock.time - began,
            world.inputs.site.settled.dwell + 4 * world.inputs.site.settled.interval);
}

TEST(Settle, goes_on_while_a_gate_does_not_hold_yet) {
  World world;
  script().rulings["hold"] = {Ruling::fail, Ruling::unknown, Ruling::pass};
  const auto outcome = world.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, RunEnd::holds) << outcome->reason;
}

TEST(Settle, ends_at_once_when_an_abort_gate_fails) {
  World world;
  script().rulings["hold"] = {Ruling::fail};
  script().rulings["abort"] = {Ruling::pass, Ruling::fail};
  const Milliseconds began = world.clock.time;
  const auto outcome = world.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, RunEnd::fails);
  EXPECT_THAT(outcome->reason, HasSubstr("gate abort"));
  EXPECT_LE(world.clock.time - began, 2 * world.inputs.site.settled.interval);
}

TEST(Settle, an_abort_gate_that_cannot_tell_does_not_end_it) {
  World world;
  script().rulings["abort"] = {Ruling::unknown, Ruling::pass};
  const auto outcome = world.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, RunEnd::holds);
}

TEST(Settle, a_latched_gate_fails_the_run_but_the_watch_goes_on) {
  World world;
  script().rulings["latch"] = {Ruling::fail, Ruling::pass};
  const auto outcome = world.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, RunEnd::fails);
  EXPECT_EQ(count_of(world, "latched"), 1U);
  EXPECT_EQ(count_of(world, "settled"), 1U);
}

TEST(Settle, a_waived_gate_does_not_keep_it_waiting) {
  World world;
  world.waivers = {{.gate = "hold", .reason = "known"}};
  script().rulings["hold"] = {Ruling::fail};
  const auto outcome = world.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, RunEnd::fails);
  EXPECT_THAT(outcome->reason, HasSubstr("waived"));
}

TEST(Settle, times_out_with_what_did_not_hold) {
  World world;
  script().rulings["hold"] = {Ruling::fail};
  const auto outcome = world.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, RunEnd::fails);
  EXPECT_THAT(outcome->reason, HasSubstr("not settled after 1 h 0 min"));
  EXPECT_THAT(outcome->reason, HasSubstr("gate hold"));
}

TEST(Settle, a_model_never_observed_is_unknown) {
  World world;
  script().is_observed = false;
  script().rulings["hold"] = {Ruling::unknown};
  const auto outcome = world.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, RunEnd::unknown);
}

TEST(Settle, an_interruption_ends_it_with_the_way_to_go_on) {
  World world;
  world.clock.interrupt_at = world.clock.time + std::chrono::minutes(1);
  const auto outcome = world.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, RunEnd::interrupted);
  EXPECT_EQ(outcome->help, "gatehouse resume");
}

}  // namespace

}  // namespace gatehouse::engine_test
