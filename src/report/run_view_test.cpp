#include "report/run_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gatehouse {

namespace {

using testing::HasSubstr;
using testing::Not;

class RunViewOf : public testing::Test {
 protected:
  void add(std::string_view kind, json::object body) {
    Event event;
    event.run = "20261122-190410-3f2a";
    event.sequence = static_cast<std::int64_t>(events_.size()) + 1;
    event.at = Moment(std::chrono::seconds(1'795'374'250 + 60 * event.sequence));
    event.kind = std::string(kind);
    event.body = std::move(body);
    event.hash = "hash" + std::to_string(event.sequence);
    events_.push_back(std::move(event));
  }
  void add_verdict(std::string_view gate, std::string_view purpose, std::string_view ruling) {
    add("verdict", {{"step", "settle"},
                    {"gate", std::string(gate)},
                    {"purpose", std::string(purpose)},
                    {"ruling", std::string(ruling)},
                    {"checks", json::array{json::object{{"subject", "vault"},
                                                        {"expected", "blocked"},
                                                        {"observed", "active"},
                                                        {"ruling", std::string(ruling)},
                                                        {"help", "look at vault"}}}},
                    {"findings", json::array{}}});
  }
  void begin() {
    add("run_started",
        {{"site", "omega"},
         {"phase", "phase_01_bundle_deploy"},
         {"inputs", json::array{json::object{{"path", "bundle.yaml"}, {"digest", "abc"}}}}});
    add("step_started", {{"step", "settle"}, {"title", "Settle"}, {"source", "step 1.4"}});
  }

  std::vector<Event> events_;
};

TEST_F(RunViewOf, a_run_without_an_end_is_cut_off) {
  begin();
  const RunView view = fold(events_);
  EXPECT_EQ(view.end, "");
  EXPECT_THAT(to_text(view), HasSubstr("result: cut off"));
  EXPECT_EQ(string_or_empty(to_json(view), "end"), "cut off");
}

TEST_F(RunViewOf, keeps_the_last_verdict_of_each_gate_and_purpose) {
  begin();
  add_verdict("unit_states", "hold", "fail");
  add_verdict("unit_states", "hold", "pass");
  add_verdict("unit_states", "exit", "pass");
  const RunView view = fold(events_);
  ASSERT_EQ(view.steps.size(), 1U);
  ASSERT_EQ(view.steps[0].verdicts.size(), 2U);
  EXPECT_EQ(view.steps[0].verdicts[0].ruling, "pass");
}

TEST_F(RunViewOf, shows_what_failed_with_its_help_and_a_waiver_in_red_words) {
  begin();
  add_verdict("unit_states", "exit", "fail");
  events_.back().body["waived"] = "known since Tuesday";
  add("step_finished", {{"step", "settle"}, {"end", "fails"}, {"reason", "vault"}});
  add("run_finished", {{"end", "fails"}, {"reason", "vault is active"}, {"help", "look"}});
  const std::string text = to_text(fold(events_));
  EXPECT_THAT(text, HasSubstr("WAIVED"));
  EXPECT_THAT(text, HasSubstr("known since Tuesday"));
  EXPECT_THAT(text, HasSubstr("vault: expected blocked, observed active"));
  EXPECT_THAT(text, HasSubstr("help: look at vault"));
  EXPECT_THAT(text, HasSubstr("result: fails: vault is active"));
}

TEST_F(RunViewOf, a_lab_is_never_taken_for_a_cloud) {
  begin();
  EXPECT_THAT(to_text(fold(events_)), Not(HasSubstr("LAB")));
  events_[0].body["lab"] = "lab-1";
  EXPECT_THAT(to_text(fold(events_)), HasSubstr("LAB lab-1"));
}

TEST_F(RunViewOf, an_effect_is_told_with_its_command_and_what_it_made) {
  begin();
  add("intent", {{"step", "settle"},
                 {"effect", "add-model"},
                 {"argv", json::array{"juju", "add-model", "openstack"}}});
  add("outcome", {{"step", "settle"}, {"exit_code", 0}});
  add("landed",
      {{"step", "settle"}, {"landed", "whole"}, {"identity", json::object{{"uuid", "0123"}}}});
  const RunView view = fold(events_);
  ASSERT_TRUE(view.steps[0].effect);
  EXPECT_EQ(view.steps[0].effect->exit_code, 0);
  EXPECT_EQ(view.steps[0].effect->landed, "whole");
  EXPECT_THAT(to_text(view), HasSubstr("uuid: 0123"));
}

TEST_F(RunViewOf, events_of_a_newer_version_are_counted_and_never_lost_from_the_head) {
  begin();
  add("something_new", {{"field", 1}});
  const RunView view = fold(events_);
  EXPECT_EQ(view.unread, 1U);
  EXPECT_EQ(view.head.sequence, 3);
  EXPECT_EQ(view.head.hash, "hash3");
}

TEST_F(RunViewOf, tells_the_next_phase_who_waits_for_a_person) {
  begin();
  const json::object unit{
      {"unit", "vault/0"}, {"address", "10.12.8.99"}, {"message", "Vault needs to be initialized"}};
  add("as_built", {{"next", json::object{{"phase", "phase 02"}, {"waiting", json::array{unit}}}}});
  EXPECT_THAT(to_text(fold(events_)),
              HasSubstr("vault/0 at 10.12.8.99 waits for you: Vault needs to be initialized"));
}

TEST_F(RunViewOf, progress_of_a_wait_says_not_yet_and_of_a_guard_says_fail) {
  begin();
  add_verdict("unit_states", "hold", "fail");
  EXPECT_THAT(progress_of(events_.back()), HasSubstr("not yet"));
  add_verdict("vip_policy", "guard", "fail");
  EXPECT_THAT(progress_of(events_.back()), HasSubstr("FAIL"));
}

TEST_F(RunViewOf, a_wait_tells_who_held_it_up_at_its_end) {
  begin();
  const auto waiting = [](std::string_view words) {
    return json::object{{"words", std::string(words)}};
  };
  add("waiting", {{"step", "settle"},
                  {"gone", json::array{}},
                  {"added", json::array{waiting("a/0 is slow"), waiting("b/0 waits for a/0")}},
                  {"absent", json::array{"c"}}});
  add("waiting", {{"step", "settle"},
                  {"gone", json::array{0, 7}},
                  {"added", json::array{waiting("d/0 is late")}},
                  {"absent", json::array{"e", "f"}}});
  add("settled", {{"step", "settle"}, {"result", "timed out"}, {"seconds", 90}});
  add("step_finished", {{"step", "settle"}, {"end", "fails"}});
  const RunView view = fold(events_);
  const std::string text = to_text(view);
  EXPECT_THAT(text, HasSubstr("timed out after 1 min 30 s"));
  EXPECT_THAT(text, HasSubstr("not yet: b/0 waits for a/0\n    not yet: d/0 is late\n"));
  EXPECT_THAT(text, HasSubstr("expected but absent: e, f"));
  EXPECT_THAT(text, Not(HasSubstr("a/0 is slow")));
  const json::object document = to_json(view);
  const json::value& why = document.at("steps").at(0).at("not_yet");
  EXPECT_EQ(find_array(why, "holding_up")->size(), 2U);
  EXPECT_EQ(view.unread, 0U);
}

TEST_F(RunViewOf, progress_of_a_wait_tells_what_is_new_and_how_long_it_may_last) {
  add("waiting",
      {{"step", "settle"},
       {"elapsed_seconds", 720},
       {"holding_up", 3},
       {"earlier_seconds", 3600},
       {"added", json::array{json::object{{"words", "a/0 waits for b/0"}}}},
       {"roots", json::array{json::object{{"who", "b/0"}, {"what", "is slow"}, {"units", 17}}}},
       {"absent", json::array{"c"}}});
  const std::string text = progress_of(events_.back());
  EXPECT_THAT(text, HasSubstr("17 units are held up by b/0, which is slow"));
  EXPECT_THAT(text, HasSubstr("12 min in, 3 held up; about 48 min more, as in earlier runs"));
  EXPECT_THAT(text, HasSubstr("a/0 waits for b/0"));
  EXPECT_THAT(text, HasSubstr("absent: c"));
  events_.back().body["elapsed_seconds"] = 4000;
  EXPECT_THAT(progress_of(events_.back()), HasSubstr("earlier runs took 1 h 0 min"));
}

TEST_F(RunViewOf, a_look_that_is_repeated_is_told_as_that) {
  add("landed", {{"step", "deploy"}, {"landed", "unknown"}, {"is_asked_again", true}});
  EXPECT_THAT(progress_of(events_.back()), HasSubstr("landed   unknown, and is asked again\n"));
  add("landed", {{"step", "deploy"}, {"landed", "whole"}});
  EXPECT_THAT(progress_of(events_.back()), HasSubstr("landed   whole\n"));
}

TEST_F(RunViewOf, junit_is_not_green_where_a_run_ended_badly_with_every_gate_open) {
  add("run_finished", {{"end", "in doubt"}, {"reason", "step deploy: ended with exit code 1"}});
  const std::string text = to_junit(fold(events_));
  EXPECT_THAT(text, HasSubstr("errors=\"1\""));
  EXPECT_THAT(text, HasSubstr("in doubt: step deploy"));
}

TEST_F(RunViewOf, a_name_that_does_not_resolve_is_told_with_its_resolvers) {
  add("name_lookups",
      {{"lookups", json::array{json::object{{"machine", "0"}, {"unresolved", json::array{}}},
                               json::object{{"machine", "0/lxd/3"},
                                            {"unresolved", json::array{"api.snapcraft.io"}},
                                            {"resolvers", json::array{"10.12.8.10"}}}}}});
  const std::string told = progress_of(events_.back());
  EXPECT_THAT(told, HasSubstr("machine 0/lxd/3: api.snapcraft.io does not resolve, resolvers "
                              "10.12.8.10\n"));
  EXPECT_THAT(told, HasSubstr("resolve on 0\n"));
}

TEST_F(RunViewOf, what_a_child_says_is_told_by_its_last_line_and_its_warnings) {
  add("child_output", {{"stream", "stdout"}, {"lines", json::array{"- one", "- two"}}});
  EXPECT_THAT(progress_of(events_.back()), HasSubstr("- two (and 1 lines before)\n"));
  add("child_output",
      {{"stream", "stderr"}, {"lines", json::array{"Located charm", "WARNING look"}}});
  EXPECT_THAT(progress_of(events_.back()), HasSubstr("WARNING look\n"));
  EXPECT_THAT(progress_of(events_.back()), Not(HasSubstr("Located")));
  add("child_quiet", {{"pid", 4711}, {"seconds", 300}});
  EXPECT_THAT(progress_of(events_.back()), HasSubstr("process 4711 has said nothing for 5 min"));
}

TEST_F(RunViewOf, bodies_of_any_shape_are_read_without_harm) {
  for (const std::string_view kind :
       {"run_started", "step_started", "verdict", "intent", "outcome", "landed", "sample",
        "settled", "step_finished", "as_built", "run_finished", "latched", "child_output",
        "child_quiet", "name_lookups", "unobserved", "waiting", "adopted"}) {
    add(kind, {{"step", 7},
               {"checks", "no list"},
               {"argv", json::object{}},
               {"next", 1},
               {"lines", json::array{7}},
               {"lookups", json::array{7}},
               {"roles", 7}});
    EXPECT_NO_THROW(progress_of(events_.back()));
  }
  const RunView view = fold(events_);
  EXPECT_NO_THROW(to_text(view));
  EXPECT_NO_THROW(to_json(view));
}

}  // namespace

}  // namespace gatehouse
