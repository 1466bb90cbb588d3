#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/engine_test_support.h"

namespace gatehouse::engine_test {

namespace {

using testing::HasSubstr;

TEST(Settle, holds_only_after_the_dwell_time) {
  World world;
  const Milliseconds began = world.clock.time;
  const auto outcome = world.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, RunEnd::holds);
  EXPECT_GE(world.clock.time - began, world.inputs.site.settled.dwell);
  EXPECT_EQ(world.count("sample"), 1U) << "a sample without change is not recorded";
}

std::vector<Event> past_that_acted() {
  World world;
  world.until = "act";
  EXPECT_TRUE(world.run());
  return world.journal.events;
}

TEST(Settle, does_not_wait_for_another_thing_than_the_run_made) {
  for (const char* uuid : {"another", ""}) {
    World world;
    world.past = past_that_acted();
    script() = {};
    script().uuid = uuid;
    const Milliseconds began = world.clock.time;
    const auto outcome = world.run();
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->end, RunEnd::fails);
    EXPECT_THAT(outcome->reason, HasSubstr("what this run made is not what is there now"));
    EXPECT_LE(world.clock.time - began, world.inputs.site.settled.interval);
  }
}

TEST(Settle, does_not_end_well_before_it_has_seen_that_it_is_what_the_run_made) {
  World world;
  world.past = past_that_acted();
  script() = {};
  script().is_identity_seen = false;
  const auto outcome = world.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, RunEnd::unknown);
  EXPECT_THAT(outcome->reason, HasSubstr("could not be seen"));
}

TEST(Settle, a_model_that_is_not_found_is_not_waited_for) {
  World world;
  script().is_observed = false;
  script().unseen = ErrorKind::not_found;
  const Milliseconds began = world.clock.time;
  const auto outcome = world.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, RunEnd::unknown);
  EXPECT_THAT(outcome->reason, HasSubstr("there is nothing to wait for: away"));
  EXPECT_LE(world.clock.time - began, 4 * world.inputs.site.settled.interval);
}

TEST(Settle, asks_again_at_the_end_for_what_only_could_not_be_seen) {
  World world;
  script().rulings["exit"] = {Ruling::unknown, Ruling::unknown, Ruling::pass};
  const auto outcome = world.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, RunEnd::holds) << outcome->reason;
}

TEST(Settle, asks_again_at_the_end_for_the_dwell_time_and_no_longer) {
  World world;
  script().rulings["exit"] = {Ruling::unknown};
  const Milliseconds began = world.clock.time;
  const auto outcome = world.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, RunEnd::unknown);
  EXPECT_THAT(outcome->reason, HasSubstr("gate exit"));
  EXPECT_GE(world.clock.time - began, 2 * world.inputs.site.settled.dwell);
  EXPECT_LE(world.clock.time - began, 3 * world.inputs.site.settled.dwell);
}

TEST(Settle, does_not_ask_again_at_the_end_for_what_fails) {
  World world;
  script().rulings["exit"] = {Ruling::fail, Ruling::pass};
  const auto outcome = world.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, RunEnd::fails);
}

TEST(Settle, begins_the_dwell_anew_when_the_model_moves) {
  World world;
  script().messages = {"one", "one", "one", "two", "three"};
  const Milliseconds began = world.clock.time;
  const auto outcome = world.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, RunEnd::holds);
  EXPECT_EQ(world.count("sample"), 3U);
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
  EXPECT_EQ(world.count("latched"), 1U);
  EXPECT_EQ(world.count("settled"), 1U);
}

TEST(Settle, waits_for_a_latched_gate_that_may_still_recover) {
  World world;
  script().rulings["latch"].assign(60, Ruling::unknown);
  script().rulings["latch"].push_back(Ruling::pass);
  const Milliseconds began = world.clock.time;
  const auto outcome = world.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, RunEnd::holds) << outcome->reason;
  EXPECT_GE(world.clock.time - began, 58 * world.inputs.site.settled.interval);
}

TEST(Settle, ends_only_on_a_latched_gate_that_was_judged_after_all_else_held) {
  World world;
  script().rulings["latch"].assign(21, Ruling::pass);
  script().rulings["latch"].push_back(Ruling::fail);
  const auto outcome = world.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, RunEnd::fails) << "what held for 20 samples failed in the last";
  EXPECT_EQ(world.count("latched"), 1U);
}

TEST(Settle, a_waived_gate_does_not_keep_it_waiting) {
  World world;
  world.waivers = {{.gate = "hold", .reason = "known"}};
  script().rulings["hold"] = {Ruling::fail};
  const auto outcome = world.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, RunEnd::fails);
  EXPECT_THAT(outcome->reason, HasSubstr("waived, and does not hold: hold"));
}

TEST(Settle, a_waived_gate_that_holds_in_the_end_is_not_said_to_fail) {
  World world;
  world.waivers = {{.gate = "hold", .reason = "known"}};
  script().rulings["hold"] = {Ruling::fail, Ruling::pass};
  const auto outcome = world.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, RunEnd::fails) << "a waived run never ends well";
  EXPECT_THAT(outcome->reason, HasSubstr("holds in the end: hold"));
}

TEST(Settle, each_end_has_a_word_of_its_own) {
  World holds;
  ASSERT_TRUE(holds.run());
  EXPECT_EQ(holds.last("settled", "result"), "settled");
  World aborted;
  script().rulings["abort"] = {Ruling::fail};
  ASSERT_TRUE(aborted.run());
  EXPECT_EQ(aborted.last("settled", "result"), "failed");
  World late;
  script().rulings["hold"] = {Ruling::fail};
  ASSERT_TRUE(late.run());
  EXPECT_EQ(late.last("settled", "result"), "timed out");
}

TEST(Settle, what_held_and_broke_and_never_dwelt_is_flapping) {
  World world;
  script().rulings["hold"] = {Ruling::pass, Ruling::fail, Ruling::pass, Ruling::fail};
  script().messages = {"one", "two"};
  const auto outcome = world.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, RunEnd::fails);
  EXPECT_EQ(world.last("settled", "result"), "flapping");
  EXPECT_THAT(outcome->reason, HasSubstr("all held 2 times, never for 5 min"));
}

TEST(Settle, says_which_unit_broke_it) {
  World world;
  script().rulings["hold"] = {Ruling::pass, Ruling::fail};
  script().messages = {"one", "two"};
  const auto outcome = world.run();
  ASSERT_TRUE(outcome);
  EXPECT_THAT(outcome->reason, HasSubstr("last broken by a/0"));
}

TEST(Settle, goes_on_where_the_controller_is_away_for_a_while) {
  World world;
  script().sights = {true, false, false, true};
  const auto outcome = world.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, RunEnd::holds) << outcome->reason;
  EXPECT_EQ(world.count("unobserved"), 1U);
  EXPECT_EQ(world.count("sample"), 2U) << "the first sample after a gap is recorded";
}

TEST(Settle, begins_the_dwell_anew_after_a_gap) {
  World straight;
  const Milliseconds straight_began = straight.clock.time;
  ASSERT_TRUE(straight.run());
  const Milliseconds straight_took = straight.clock.time - straight_began;
  World world;
  script().sights = {true, true, true, true, false, true};
  const Milliseconds began = world.clock.time;
  ASSERT_TRUE(world.run());
  EXPECT_EQ(world.clock.time - began, straight_took + 5 * world.inputs.site.settled.interval);
}

TEST(Settle, a_model_that_went_out_of_sight_is_told_with_since_when) {
  World world;
  script().sights = {true, false};
  const auto outcome = world.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, RunEnd::unknown);
  EXPECT_EQ(world.last("settled", "result"), "not observable");
  EXPECT_THAT(outcome->reason, HasSubstr("has not been observed since 1970-01-01T00:16:55Z"));
  EXPECT_THAT(outcome->reason, HasSubstr("away"));
}

TEST(Settle, tells_who_holds_it_up_once_and_not_at_every_sample) {
  World world;
  script().rulings["hold"] = {Ruling::fail};
  world.plan.applications = {{"b", "b", "", ""}};
  ASSERT_TRUE(world.run());
  EXPECT_EQ(world.count("waiting"), 1U);
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
  EXPECT_EQ(world.count("unobserved"), 1U) << "told once, not at each sample";
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
