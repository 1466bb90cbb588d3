#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/engine_test_support.h"

namespace gatehouse::engine_test {

namespace {

using testing::HasSubstr;
using testing::IsEmpty;

TEST(Landed, looks_again_where_the_world_cannot_be_seen_when_the_command_has_ended) {
  for (const Landed first : {Landed::unknown, Landed::partly}) {
    World world;
    script().landed_later = {first, first, Landed::whole};
    const Milliseconds before = world.clock.time;
    const auto outcome = world.run();
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->end, RunEnd::holds) << outcome->reason;
    EXPECT_EQ(world.processes.started.size(), 1U);
    EXPECT_EQ(world.count("landed"), 2U) << "told when it changes, not at each look";
    EXPECT_GE(world.clock.time - before, Milliseconds(60'000));
  }
}

TEST(Landed, is_in_doubt_where_the_world_stays_unseen_after_a_command) {
  for (const Milliseconds look : {Milliseconds(0), Milliseconds(60'000)}) {
    World world;
    script().landed = Landed::unknown;
    script().look_takes = look;
    const Milliseconds before = world.clock.time;
    const auto outcome = world.run();
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->end, RunEnd::in_doubt);
    EXPECT_THAT(outcome->reason, HasSubstr("but the world shows it unknown: away"));
    EXPECT_GE(world.clock.time - before, std::chrono::minutes(15)) << "it was waited for";
    EXPECT_LE(world.clock.time - before, std::chrono::minutes(18)) << "and no longer";
    EXPECT_EQ(world.last("landed", "error"), "away");
    EXPECT_FALSE(find(world.journal.events.end()[-3].body, "is_asked_again"));
  }
}

TEST(Landed, does_not_look_again_where_its_login_is_refused) {
  World world;
  script().landed = Landed::unknown;
  script().unseen = ErrorKind::denied;
  const Milliseconds before = world.clock.time;
  const auto outcome = world.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, RunEnd::in_doubt);
  EXPECT_LE(world.clock.time - before, std::chrono::minutes(1));
}

TEST(Landed, looks_on_after_a_resume_where_the_command_had_ended_well) {
  for (const Landed first : {Landed::unknown, Landed::partly, Landed::none}) {
    World world;
    script().landed_later = {first};
    world.clock.interrupt_at = world.clock.time + Milliseconds(45'000);
    const auto outcome = world.run();
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->end, RunEnd::interrupted);
    EXPECT_EQ(outcome->help, "gatehouse resume");
    World resumed;
    resumed.past = world.journal.events;
    script().was_started = true;
    script().landed_later = {first, first, Landed::whole};
    const auto rest = resumed.run();
    ASSERT_TRUE(rest);
    EXPECT_EQ(rest->end, RunEnd::holds) << rest->reason;
    EXPECT_THAT(resumed.processes.started, IsEmpty()) << "it was not begun a second time";
  }
}

TEST(Landed, hears_the_word_of_a_child_whose_start_was_not_recorded) {
  World world;
  world.past = cut_off_past();
  world.processes.states = {{.is_running = false, .exit_code = 0}};
  script().was_started = true;
  script().landed_later = {Landed::partly, Landed::whole};
  const auto outcome = world.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, RunEnd::holds) << outcome->reason;
  EXPECT_THAT(world.processes.started, IsEmpty()) << "it ended well: nothing is to be gone on with";
  EXPECT_EQ(world.count("outcome"), 1U);
}

TEST(Landed, does_not_take_for_its_own_what_its_command_was_refused_for) {
  World world;
  world.processes.states = {{.is_running = false, .exit_code = 1}};
  world.files.contents["/state/runs/run/change/stderr"] = "ERROR it already exists\n";
  const auto outcome = world.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, RunEnd::in_doubt);
  EXPECT_THAT(outcome->reason, HasSubstr("change was refused: ERROR it already exists"));
  World resumed;
  resumed.past = world.journal.events;
  script().rulings["guard"] = {Ruling::fail};
  const auto rest = resumed.run();
  ASSERT_TRUE(rest);
  EXPECT_EQ(rest->end, RunEnd::fails) << "the guards say that it is another's";
  EXPECT_THAT(resumed.processes.started, IsEmpty());
}

TEST(Landed, does_not_take_a_lock_that_cannot_be_asked_for_a_free_one) {
  World world;
  world.past = cut_off_past();
  world.files.lock_error = ErrorKind::io;
  script().landed = Landed::none;
  const auto outcome = world.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, RunEnd::in_doubt);
  EXPECT_THAT(world.processes.started, IsEmpty());
}

TEST(Landed, an_interruption_while_a_resume_looks_is_no_doubt) {
  World world;
  world.past = cut_off_past();
  script().landed = Landed::unknown;
  script().look_takes = Milliseconds(60'000);
  world.clock.interrupt_at = world.clock.time + Milliseconds(30'000);
  const auto outcome = world.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, RunEnd::interrupted);
  EXPECT_EQ(world.count("reconciled"), 0U) << "what was not seen says nothing";
}

}  // namespace

}  // namespace gatehouse::engine_test
