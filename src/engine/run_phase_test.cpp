#include "engine/run_phase.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/engine_test_support.h"

namespace gatehouse::engine_test {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(RunPhase, records_each_part_in_order_and_holds) {
  World world;
  const auto outcome = world.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, RunEnd::holds) << outcome->reason;
  EXPECT_THAT(
      world.kinds(),
      ElementsAre("run_started", "step_started", "gate_not_declared", "verdict", "step_finished",
                  "step_started", "verdict", "intent", "child_started", "outcome", "landed",
                  "step_finished", "step_started", "sample", "verdict", "verdict", "verdict",
                  "settled", "verdict", "step_finished", "run_finished"));
  EXPECT_THAT(world.processes.started, ElementsAre(ElementsAre("change", "the", "world")));
}

TEST(RunPhase, stops_at_the_first_step_whose_gate_fails_and_names_the_check) {
  World world;
  script().rulings["before"] = {Ruling::fail};
  const auto outcome = world.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, RunEnd::fails);
  EXPECT_THAT(outcome->reason, HasSubstr("gate before: subject of before"));
  EXPECT_EQ(outcome->help, "help of before");
  EXPECT_THAT(world.processes.started, IsEmpty());
}

TEST(RunPhase, unknown_blocks_as_failure_does) {
  World world;
  script().rulings["guard"] = {Ruling::unknown};
  const auto outcome = world.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, RunEnd::unknown);
  EXPECT_THAT(world.processes.started, IsEmpty());
}

TEST(RunPhase, asks_again_directly_before_an_effect) {
  World world;
  world.until = "act";
  ASSERT_TRUE(world.run());
  // Once for the guard, once to see whether the effect landed.
  EXPECT_EQ(script().collected, 2U);
}

TEST(RunPhase, does_nothing_with_inputs_that_are_no_longer_those_judged) {
  World world;
  world.verify_inputs = []() -> Result<void> {
    return fail(ErrorKind::conflict, "bundle changed");
  };
  const auto outcome = world.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, RunEnd::fails);
  EXPECT_THAT(outcome->reason, HasSubstr("bundle changed"));
  EXPECT_THAT(world.processes.started, IsEmpty());
}

TEST(RunPhase, is_in_doubt_after_an_effect_that_ended_badly) {
  World world;
  world.processes.states = {{.is_running = true, .exit_code = {}},
                            {.is_running = false, .exit_code = 1}};
  const auto outcome = world.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, RunEnd::in_doubt);
  EXPECT_THAT(outcome->reason, HasSubstr("exit code 1"));
}

TEST(RunPhase, does_not_believe_an_exit_code_that_the_world_denies) {
  World world;
  script().landed = Landed::none;
  const auto outcome = world.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, RunEnd::in_doubt);
}

TEST(RunPhase, stops_where_it_was_told_to) {
  World world;
  world.until = "look";
  const auto outcome = world.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, RunEnd::holds);
  EXPECT_THAT(world.processes.started, IsEmpty());
}

TEST(RunPhase, waits_for_a_child_that_was_started_and_never_recorded) {
  World world;
  world.past = cut_off_past();
  world.files.held = 5;
  const Milliseconds before = world.clock.time;
  const auto outcome = world.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, RunEnd::holds) << outcome->reason;
  EXPECT_THAT(world.processes.started, IsEmpty()) << "it was not begun a second time";
  EXPECT_GE(world.clock.time - before, Milliseconds(5'000)) << "the lock was waited for";
}

TEST(RunPhase, goes_on_past_a_waived_gate_but_never_ends_well) {
  World world;
  world.waivers = {{.gate = "guard", .reason = "known"}};
  script().rulings["guard"] = {Ruling::fail};
  const auto outcome = world.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, RunEnd::fails);
  EXPECT_EQ(world.processes.started.size(), 1U);
}

TEST(RunPhase, reports_a_journal_that_cannot_be_written_and_does_nothing_more) {
  World world;
  world.journal.appends_left = 7;
  EXPECT_FALSE(world.run());
  EXPECT_THAT(world.processes.started, IsEmpty());
}

TEST(RunPhase, resumes_an_effect_that_landed_without_doing_it_again) {
  World world;
  world.past = cut_off_past();
  const auto outcome = world.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, RunEnd::holds) << outcome->reason;
  EXPECT_THAT(world.processes.started, IsEmpty());
  EXPECT_EQ(world.last("reconciled", "landed"), "whole");
}

TEST(RunPhase, resumes_an_effect_that_did_not_land_by_doing_it) {
  World world;
  world.past = cut_off_past();
  script().landed = Landed::none;
  const auto outcome = world.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(world.processes.started.size(), 1U);
}

TEST(RunPhase, refuses_to_resume_what_it_cannot_know) {
  World world;
  world.past = cut_off_past();
  script().landed = Landed::unknown;
  const auto outcome = world.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, RunEnd::in_doubt);
  EXPECT_THAT(world.processes.started, IsEmpty());
  EXPECT_THAT(outcome->help, HasSubstr("juju status"));
}

TEST(RunPhase, goes_on_with_what_landed_in_part_by_its_own_guarded_command) {
  World world;
  world.past = cut_off_past();
  script().landed = Landed::partly;
  script().landed_later = {Landed::whole};
  const auto outcome = world.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, RunEnd::holds) << outcome->reason;
  EXPECT_THAT(world.processes.started, ElementsAre(ElementsAre("do", "the", "rest", "a=0")));
  EXPECT_EQ(world.last("intent", "effect"), "rest");
  EXPECT_EQ(world.last("outcome", "effect"), "rest");
}

TEST(RunPhase, waits_for_what_is_listed_in_part_where_nothing_is_left_to_go_on_with) {
  World world;
  world.past = cut_off_past();
  script().was_started = true;
  script().is_nothing_left = true;
  script().landed_later = {Landed::partly, Landed::partly, Landed::whole};
  const auto outcome = world.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, RunEnd::holds) << outcome->reason;
  EXPECT_THAT(world.processes.started, IsEmpty());
}

TEST(RunPhase, does_not_go_on_with_what_landed_in_part_where_a_guard_closes) {
  for (const auto& [ruling, end] :
       {std::pair{Ruling::fail, RunEnd::fails}, std::pair{Ruling::unknown, RunEnd::unknown}}) {
    World world;
    world.past = cut_off_past();
    script().landed = Landed::partly;
    script().rulings["rest"] = {ruling};
    const auto outcome = world.run();
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->end, end);
    EXPECT_THAT(world.processes.started, IsEmpty());
  }
}

TEST(RunPhase, does_not_act_on_another_thing_under_the_same_name) {
  World world;
  world.past = cut_off_past();
  world.past.push_back(past_event(
      4, event_kind::kLanded,
      {{"step", "before"}, {"landed", "whole"}, {"identity", json::object{{"uuid", "first"}}}}));
  script().landed = Landed::none;
  script().uuid = "second";
  const auto outcome = world.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, RunEnd::fails);
  EXPECT_THAT(outcome->reason, HasSubstr("\"first\", observed \"second\""));
  EXPECT_THAT(world.processes.started, IsEmpty());
}

TEST(RunPhase, looks_at_what_it_made_in_the_sample_of_the_guards) {
  // A look of its own, where the answer is slow, would let the effect act on old guards.
  std::size_t collected[2] = {};
  for (const bool has_made : {false, true}) {
    World world;
    if (has_made) {
      world.past = {past_event(1, event_kind::kLanded,
                               {{"step", "before"},
                                {"landed", "whole"},
                                {"identity", json::object{{"uuid", "first"}}}})};
    }
    const auto outcome = world.run();
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->end, RunEnd::holds);
    collected[has_made ? 1 : 0] = script().collected;
  }
  EXPECT_EQ(collected[0], collected[1]);
}

TEST(RunPhase, tells_the_way_out_of_what_it_made_and_of_nothing_else) {
  World world;
  script().rulings["guard"] = {Ruling::fail};
  auto outcome = world.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->help, "help of guard") << "this run made nothing";
  World later;
  later.past = {past_event(1, event_kind::kChildStarted, {{"step", "before"}}),
                past_event(2, event_kind::kLanded,
                           {{"step", "before"},
                            {"landed", "whole"},
                            {"identity", json::object{{"uuid", "first"}}}})};
  script().rulings["guard"] = {Ruling::fail};
  outcome = later.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->help, "help of guard; way out of first");
}

TEST(RunPhase, takes_over_what_was_done_by_hand_and_marks_it_as_observed) {
  World world;
  world.beginning = Beginning::adoption;
  const auto outcome = world.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, RunEnd::holds) << outcome->reason;
  EXPECT_THAT(world.processes.started, IsEmpty());
  EXPECT_EQ(world.last("adopted", "step"), "act");
  for (const Event& event : world.journal.events) {
    if (event.kind == event_kind::kLanded) {
      EXPECT_EQ(find_bool(event.body, "observed"), true);
    }
  }
}

TEST(RunPhase, takes_over_nothing_that_is_not_there_or_not_seen) {
  for (const auto& [landed, end] :
       {std::pair{Landed::none, RunEnd::fails}, std::pair{Landed::unknown, RunEnd::unknown}}) {
    World world;
    world.beginning = Beginning::adoption;
    script().landed = landed;
    const auto outcome = world.run();
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->end, end);
  }
}

TEST(RunPhase, journals_what_a_child_says_as_it_comes_and_without_secrets) {
  World world;
  world.redactor.add("correct-horse");
  world.files.contents["/state/runs/run/change/stdout"] = "- one\n- key correct-horse\nlast";
  world.processes.states = {{.is_running = true, .exit_code = {}},
                            {.is_running = false, .exit_code = 0}};
  ASSERT_TRUE(world.run());
  std::vector<std::string> lines;
  for (const Event& event : world.journal.events) {
    if (event.kind != event_kind::kChildOutput) continue;
    for (const json::value& line : *find_array(event.body, "lines")) {
      lines.emplace_back(line.as_string());
    }
  }
  EXPECT_THAT(lines, ElementsAre("- one", "- key (redacted)", "last"));
  for (const Event& event : world.journal.events) {
    EXPECT_EQ(json::serialize(event.body).find("correct-horse"), std::string::npos) << event.kind;
  }
}

TEST(RunPhase, tells_of_a_child_that_makes_no_progress_and_leaves_it_alone) {
  World world;
  world.processes.states.assign(700, {.is_running = true, .exit_code = {}});
  world.processes.states.push_back({.is_running = false, .exit_code = 0});
  const auto outcome = world.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, RunEnd::holds) << outcome->reason;
  const auto kinds = world.kinds();
  EXPECT_EQ(std::count(kinds.begin(), kinds.end(), "child_quiet"), 2) << "at 5 and at 10 minutes";
}

TEST(RunPhase, waits_for_a_child_of_the_former_run_that_still_lives) {
  World world;
  world.past = cut_off_past();
  world.past.push_back(past_event(
      4, event_kind::kChildStarted,
      {{"step", "act"}, {"pid", 4711}, {"start_ticks", 1}, {"folder", "/state/runs/run/change"}}));
  world.processes.states = {{.is_running = true, .exit_code = {}},
                            {.is_running = true, .exit_code = {}},
                            {.is_running = false, .exit_code = 0}};
  const auto outcome = world.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, RunEnd::holds) << outcome->reason;
  EXPECT_THAT(world.processes.started, IsEmpty());
}

TEST(RunPhase, does_not_repeat_an_effect_that_ended_badly_but_landed) {
  World world;
  world.past = cut_off_past();
  world.past.push_back(past_event(4, event_kind::kOutcome, {{"step", "act"}, {"exit_code", 1}}));
  const auto outcome = world.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, RunEnd::holds) << outcome->reason;
  EXPECT_THAT(world.processes.started, IsEmpty());
}

TEST(RunPhase, judges_the_guards_again_before_it_repeats_an_effect) {
  World world;
  world.past = cut_off_past();
  script().landed = Landed::none;
  script().rulings["guard"] = {Ruling::fail};
  const auto outcome = world.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, RunEnd::fails);
  EXPECT_THAT(world.processes.started, IsEmpty());
}

TEST(RunPhase, a_waived_or_latched_failure_survives_a_resume) {
  for (const auto& [kind, body] :
       {std::pair{event_kind::kVerdict, json::object{{"gate", "before"}, {"waived", "known"}}},
        std::pair{event_kind::kLatched, json::object{{"gate", "latch"}}}}) {
    World world;
    world.past = cut_off_past();
    world.past.push_back(past_event(4, kind, body));
    const auto outcome = world.run();
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->end, RunEnd::fails);
  }
}

TEST(RunPhase, an_interruption_while_it_looks_says_nothing_of_the_world) {
  World world;
  world.clock.interrupted = true;
  const auto outcome = world.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, RunEnd::interrupted);
  const auto kinds = world.kinds();
  EXPECT_EQ(std::count(kinds.begin(), kinds.end(), "verdict"), 0);
}

TEST(RunPhase, takes_up_what_is_there_only_where_it_may) {
  World world;
  world.model_use = ModelUse::may_be_empty;
  const auto outcome = world.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, RunEnd::holds) << outcome->reason;
  EXPECT_THAT(world.processes.started, IsEmpty());
}

}  // namespace

}  // namespace gatehouse::engine_test
