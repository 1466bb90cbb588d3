// What every implementation of the five effect interfaces must keep, as one typed test suite: the
// real one and a simulated one are held to the same sentences, so that what is proved in simulation
// holds outside. Each sentence stands in a header of src/effects.
//
// To hold an implementation to it: write a class as PosixWorld in posix_contract_test.cpp, and
//   INSTANTIATE_TYPED_TEST_SUITE_P(NAME, EffectsContract, testing::Types<YourWorld>);
#pragma once

#include <algorithm>
#include <chrono>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "effects/effects.h"

namespace gatehouse::contract {

/// A program that has half a minute.
inline Command command_of(std::vector<std::string> argv) {
  Command made;
  made.argv = std::move(argv);
  made.deadline = std::chrono::seconds(30);
  return made;
}

/// A child whose files lie in the folder.
inline DetachedCommand child_of(std::vector<std::string> argv, const std::string& folder) {
  return {.argv = std::move(argv),
          .directory = folder,
          .environment = {},
          .out_file = folder + "/child.out",
          .err_file = folder + "/child.err",
          .exit_file = folder + "/child.exit",
          .lock_file = folder + "/child.lock"};
}

// A World has:
//   Effects& effects();
//   std::string folder();        an empty folder of its own, absolute, 0700
//   Command printing();          ends 0 and prints something
//   Command failing();           ends with another code
//   Command unknown_program();   names a program that is not there
//   Command too_slow();          does not end before its own deadline
//   Command reading_input();     reads standard input to its end, prints what it read, ends 0
//   DetachedCommand child(const std::string& folder);   ends 0 after a while; its files lie there
//   std::string answering_url();    200 with a body of more than one byte
//   std::string refusing_url();     another status
//   std::string redirecting_url();  301 or 302; "" where the world has none
//   std::string silent_url();       nobody listens there
template <class World>
class EffectsContract : public testing::Test {
 protected:
  Effects& effects() { return world_.effects(); }
  FileStore& files() { return effects().files; }
  std::string path(const std::string& name) { return world_.folder() + "/" + name; }

  template <class T>
  static ErrorKind kind_of(const Result<T>& result) {
    EXPECT_FALSE(result.has_value()) << "an error was wanted";
    return result ? ErrorKind::interrupted : result.error().kind;
  }

  HttpRequest request(const std::string& url) {
    HttpRequest made;
    made.url = url;
    made.deadline = std::chrono::seconds(20);
    return made;
  }
  Result<HttpResponse> get(const HttpRequest& asked) {
    auto answers = effects().http.send(std::span<const HttpRequest>(&asked, 1));
    EXPECT_EQ(answers.size(), 1U);
    return std::move(answers.front());
  }

  World world_;
};

TYPED_TEST_SUITE_P(EffectsContract);

TYPED_TEST_P(EffectsContract, a_file_is_made_once_with_its_mode_and_read_back) {
  const std::string file = this->path("a");
  ASSERT_TRUE(this->files().create(file, "text\n", 0640));
  EXPECT_EQ(this->kind_of(this->files().create(file, "other", 0600)), ErrorKind::conflict);
  const auto text = this->files().read(file, 100);
  ASSERT_TRUE(text);
  EXPECT_EQ(*text, "text\n");
  const auto info = this->files().info(file);
  ASSERT_TRUE(info);
  EXPECT_EQ(info->kind, FileKind::file);
  EXPECT_EQ(info->mode, 0640U);
  EXPECT_EQ(info->size, 5U);
  EXPECT_TRUE(info->is_ours);
}

TYPED_TEST_P(EffectsContract, what_cannot_be_read_says_why) {
  ASSERT_TRUE(this->files().create(this->path("large"), "12345", 0600));
  EXPECT_EQ(this->kind_of(this->files().read(this->path("large"), 4)), ErrorKind::invalid_input);
  EXPECT_TRUE(this->files().read(this->path("large"), 5));
  EXPECT_EQ(this->kind_of(this->files().read(this->path("none"), 4)), ErrorKind::not_found);
  EXPECT_EQ(this->kind_of(this->files().info(this->path("none"))), ErrorKind::not_found);
  EXPECT_EQ(this->kind_of(this->files().list(this->path("none"))), ErrorKind::not_found);
  EXPECT_EQ(this->kind_of(this->files().canonical(this->path("none"))), ErrorKind::not_found);
  ASSERT_TRUE(this->files().make_folder(this->path("folder"), 0700));
  EXPECT_EQ(this->kind_of(this->files().read(this->path("folder"), 4)), ErrorKind::invalid_input);
}

TYPED_TEST_P(EffectsContract, a_secret_is_read_only_where_nobody_else_may) {
  ASSERT_TRUE(this->files().create(this->path("closed"), "key", 0600));
  ASSERT_TRUE(this->files().create(this->path("open"), "key", 0640));
  const auto secret = this->files().read_secret(this->path("closed"), 100);
  ASSERT_TRUE(secret);
  EXPECT_EQ(secret->reveal(), "key");
  EXPECT_EQ(this->kind_of(this->files().read_secret(this->path("open"), 100)), ErrorKind::denied);
  EXPECT_EQ(this->kind_of(this->files().read_secret(this->path("none"), 100)),
            ErrorKind::not_found);
}

TYPED_TEST_P(EffectsContract, a_file_is_replaced_whole_with_its_new_mode) {
  const std::string file = this->path("a");
  ASSERT_TRUE(this->files().create(file, "a long text", 0644));
  ASSERT_TRUE(this->files().write_atomic(file, "short", 0600));
  EXPECT_EQ(*this->files().read(file, 100), "short");
  EXPECT_EQ(this->files().info(file)->mode, 0600U);
  const auto names = this->files().list(this->world_.folder());
  ASSERT_TRUE(names);
  EXPECT_EQ(*names, std::vector<std::string>{"a"}) << "no sibling is left";
}

TYPED_TEST_P(EffectsContract, what_is_appended_stands_at_the_end) {
  const std::string file = this->path("log");
  ASSERT_TRUE(this->files().append(file, "one\n", 0600));
  ASSERT_TRUE(this->files().append(file, "two\n", 0644));
  EXPECT_EQ(*this->files().read(file, 100), "one\ntwo\n");
  EXPECT_EQ(this->files().info(file)->mode, 0600U) << "a mode is set at creation, never later";
}

TYPED_TEST_P(EffectsContract, a_folder_comes_with_its_parents_and_an_old_one_stays_as_it_is) {
  ASSERT_TRUE(this->files().make_folder(this->path("a/b/c"), 0700));
  const auto info = this->files().info(this->path("a/b"));
  ASSERT_TRUE(info);
  EXPECT_EQ(info->kind, FileKind::folder);
  ASSERT_TRUE(this->files().make_folder(this->path("a/b/c"), 0755));
  EXPECT_EQ(this->files().info(this->path("a/b/c"))->mode, 0700U);
}

TYPED_TEST_P(EffectsContract, names_come_in_byte_order) {
  for (const char* name : {"b", "a", "B", "a-2"}) {
    ASSERT_TRUE(this->files().create(this->path(name), "", 0600));
  }
  const auto names = this->files().list(this->world_.folder());
  ASSERT_TRUE(names);
  EXPECT_EQ(*names, (std::vector<std::string>{"B", "a", "a-2", "b"}));
}

TYPED_TEST_P(EffectsContract, a_folder_goes_with_all_it_holds_and_what_is_not_there_may_go) {
  ASSERT_TRUE(this->files().make_folder(this->path("a/b"), 0700));
  ASSERT_TRUE(this->files().create(this->path("a/b/c"), "x", 0600));
  ASSERT_TRUE(this->files().remove(this->path("a")));
  EXPECT_EQ(this->kind_of(this->files().info(this->path("a"))), ErrorKind::not_found);
  EXPECT_TRUE(this->files().remove(this->path("a")));
}

TYPED_TEST_P(EffectsContract, a_renamed_file_is_at_its_new_place_alone) {
  ASSERT_TRUE(this->files().create(this->path("old"), "x", 0600));
  ASSERT_TRUE(this->files().rename(this->path("old"), this->path("new")));
  EXPECT_EQ(*this->files().read(this->path("new"), 10), "x");
  EXPECT_EQ(this->kind_of(this->files().info(this->path("old"))), ErrorKind::not_found);
}

TYPED_TEST_P(EffectsContract, a_canonical_path_has_no_dots) {
  ASSERT_TRUE(this->files().make_folder(this->path("a"), 0700));
  ASSERT_TRUE(this->files().create(this->path("b"), "x", 0600));
  const auto straight = this->files().canonical(this->path("b"));
  const auto around = this->files().canonical(this->path("a/.././b"));
  ASSERT_TRUE(straight);
  ASSERT_TRUE(around);
  EXPECT_EQ(*around, *straight);
}

TYPED_TEST_P(EffectsContract, a_lock_is_held_until_it_is_let_go) {
  const std::string file = this->path("lock");
  auto held = this->files().lock(file, "the first");
  ASSERT_TRUE(held);
  EXPECT_EQ(this->kind_of(this->files().lock(file, "the second")), ErrorKind::conflict);
  const auto holder = this->files().read(file, 1000);
  ASSERT_TRUE(holder);
  EXPECT_NE(holder->find("the first"), std::string::npos) << "others can read who holds it";
  held->reset();
  EXPECT_TRUE(this->files().lock(file, "the second"));
}

TYPED_TEST_P(EffectsContract, time_goes_on_while_one_waits_and_never_back) {
  Clock& clock = this->effects().clock;
  const Moment began = clock.now();
  const Milliseconds first = clock.monotonic();
  EXPECT_EQ(clock.wait(Milliseconds(0)), WaitEnd::reached);
  EXPECT_EQ(clock.wait(Milliseconds(20)), WaitEnd::reached);
  EXPECT_GE(clock.monotonic() - first, Milliseconds(20));
  EXPECT_GE(clock.now() - began, Milliseconds(15))
      << "save what the wall's clock was set meanwhile";
  EXPECT_FALSE(clock.is_interrupted());
}

TYPED_TEST_P(EffectsContract, random_bytes_are_as_many_as_asked_for_and_never_the_same) {
  Entropy& entropy = this->effects().entropy;
  std::set<std::string> drawn;
  for (int draws = 0; draws < 20; ++draws) {
    const auto bytes = entropy.bytes(16);
    ASSERT_TRUE(bytes);
    EXPECT_EQ(bytes->size(), 16U);
    drawn.insert(*bytes);
  }
  EXPECT_EQ(drawn.size(), 20U);
  const auto none = entropy.bytes(0);
  ASSERT_TRUE(none);
  EXPECT_EQ(*none, "");
}

TYPED_TEST_P(EffectsContract, results_of_programs_come_in_their_order_and_a_code_is_a_value) {
  const std::vector<Command> commands = {this->world_.printing(), this->world_.failing(),
                                         this->world_.unknown_program(), this->world_.printing()};
  const auto results = this->effects().processes.run(commands, 2);
  ASSERT_EQ(results.size(), 4U);
  for (const std::size_t at : {std::size_t{0}, std::size_t{3}}) {
    ASSERT_TRUE(results[at]) << to_string(results[at].error());
    EXPECT_EQ(results[at]->exit_code, 0);
    EXPECT_NE(results[at]->out, "");
  }
  ASSERT_TRUE(results[1]);
  EXPECT_NE(results[1]->exit_code, 0);
  EXPECT_EQ(this->kind_of(results[2]), ErrorKind::not_found);
  EXPECT_EQ(results[2].error().delivery, Delivery::not_sent);
}

TYPED_TEST_P(EffectsContract, no_program_is_no_result) {
  EXPECT_TRUE(this->effects().processes.run({}, 4).empty());
}

TYPED_TEST_P(EffectsContract, a_program_that_takes_too_long_may_have_done_its_work) {
  const auto result = run_one(this->effects().processes, this->world_.too_slow());
  EXPECT_EQ(this->kind_of(result), ErrorKind::timed_out);
  EXPECT_EQ(result.error().delivery, Delivery::maybe_applied);
}

TYPED_TEST_P(EffectsContract, more_output_than_allowed_is_no_answer) {
  Command command = this->world_.printing();
  command.output_bytes_max = 1;
  const auto result = run_one(this->effects().processes, command);
  EXPECT_EQ(this->kind_of(result), ErrorKind::malformed);
  EXPECT_EQ(result.error().delivery, Delivery::maybe_applied);
}

TYPED_TEST_P(EffectsContract, standard_input_is_empty_unless_it_is_given) {
  Command command = this->world_.reading_input();
  const auto nothing = run_one(this->effects().processes, command);
  ASSERT_TRUE(nothing) << to_string(nothing.error());
  EXPECT_EQ(nothing->out, "");
  command.input = "some text";
  const auto text = run_one(this->effects().processes, command);
  ASSERT_TRUE(text) << to_string(text.error());
  EXPECT_EQ(text->out, "some text");
}

TYPED_TEST_P(EffectsContract, a_child_that_outlives_us_is_followed_to_its_exit_code) {
  ProcessRunner& processes = this->effects().processes;
  const DetachedCommand child = this->world_.child(this->world_.folder());
  const auto id = processes.start_detached(child);
  ASSERT_TRUE(id) << to_string(id.error());
  EXPECT_GT(id->pid, 0);
  EXPECT_EQ(this->kind_of(processes.start_detached(child)), ErrorKind::conflict)
      << "its files are there, or its lock is held";
  Result<ChildState> state = processes.state_of(*id, child.exit_file);
  // Two minutes of this world's clock.
  for (int waits = 0; state && state->is_running && waits < 12'000; ++waits) {
    (void)this->effects().clock.wait(Milliseconds(10));
    state = processes.state_of(*id, child.exit_file);
  }
  ASSERT_TRUE(state) << to_string(state.error());
  EXPECT_FALSE(state->is_running);
  EXPECT_EQ(state->exit_code, 0);
  const auto info = this->files().info(child.out_file);
  ASSERT_TRUE(info);
  EXPECT_EQ(info->mode, 0600U);
}

TYPED_TEST_P(EffectsContract, answers_come_in_their_order_and_any_status_is_a_value) {
  const std::vector<HttpRequest> requests = {this->request(this->world_.refusing_url()),
                                             this->request(this->world_.silent_url()),
                                             this->request(this->world_.answering_url())};
  const auto answers = this->effects().http.send(requests);
  ASSERT_EQ(answers.size(), 3U);
  ASSERT_TRUE(answers[0]) << to_string(answers[0].error());
  EXPECT_NE(answers[0]->status, 200);
  EXPECT_EQ(this->kind_of(answers[1]), ErrorKind::unavailable);
  EXPECT_EQ(answers[1].error().delivery, Delivery::not_sent);
  ASSERT_TRUE(answers[2]) << to_string(answers[2].error());
  EXPECT_EQ(answers[2]->status, 200);
  EXPECT_GT(answers[2]->body.size(), 1U);
}

TYPED_TEST_P(EffectsContract, a_header_is_found_in_any_capitals) {
  const auto answer = this->get(this->request(this->world_.answering_url()));
  ASSERT_TRUE(answer) << to_string(answer.error());
  const std::string_view type = answer->header("content-type");
  EXPECT_NE(type, "");
  EXPECT_EQ(answer->header("CONTENT-TYPE"), type);
  EXPECT_EQ(answer->header("X-Not-There"), "");
}

TYPED_TEST_P(EffectsContract, a_body_over_its_limit_is_no_answer) {
  HttpRequest asked = this->request(this->world_.answering_url());
  asked.body_bytes_max = 1;
  EXPECT_EQ(this->kind_of(this->get(asked)), ErrorKind::malformed);
}

TYPED_TEST_P(EffectsContract, no_redirect_is_followed) {
  const std::string url = this->world_.redirecting_url();
  if (url.empty()) return;  // a world without one cannot follow one
  const auto answer = this->get(this->request(url));
  ASSERT_TRUE(answer) << to_string(answer.error());
  EXPECT_EQ(answer->status / 100, 3);
  EXPECT_NE(answer->header("Location"), "");
}

REGISTER_TYPED_TEST_SUITE_P(
    EffectsContract, a_file_is_made_once_with_its_mode_and_read_back, what_cannot_be_read_says_why,
    a_secret_is_read_only_where_nobody_else_may, a_file_is_replaced_whole_with_its_new_mode,
    what_is_appended_stands_at_the_end,
    a_folder_comes_with_its_parents_and_an_old_one_stays_as_it_is, names_come_in_byte_order,
    a_folder_goes_with_all_it_holds_and_what_is_not_there_may_go,
    a_renamed_file_is_at_its_new_place_alone, a_canonical_path_has_no_dots,
    a_lock_is_held_until_it_is_let_go, time_goes_on_while_one_waits_and_never_back,
    random_bytes_are_as_many_as_asked_for_and_never_the_same,
    results_of_programs_come_in_their_order_and_a_code_is_a_value, no_program_is_no_result,
    a_program_that_takes_too_long_may_have_done_its_work, more_output_than_allowed_is_no_answer,
    standard_input_is_empty_unless_it_is_given,
    a_child_that_outlives_us_is_followed_to_its_exit_code,
    answers_come_in_their_order_and_any_status_is_a_value, a_header_is_found_in_any_capitals,
    a_body_over_its_limit_is_no_answer, no_redirect_is_followed);

}  // namespace gatehouse::contract
