#include <algorithm>
#include <csignal>
#include <cstdlib>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "effects/posix/descriptor.h"
#include "effects/posix/posix.h"
#include "effects/posix/test_folder.h"

namespace gatehouse::posix {
namespace {

/// Says "interrupted" from the given question on.
class CountingClock final : public Clock {
 public:
  explicit CountingClock(int questions_before) : left_(questions_before) {}
  Moment now() override { return {}; }
  Milliseconds monotonic() override { return {}; }
  WaitEnd wait(Milliseconds) override { return WaitEnd::reached; }
  bool is_interrupted() override { return left_-- <= 0; }

 private:
  int left_;
};

class ProcessRunnerTest : public testing::Test {
 protected:
  Result<ProcessResult> run(Command command) { return run_one(*runner_, std::move(command)); }
  Result<ProcessResult> shell(const std::string& script) {
    return run({.argv = {"/bin/sh", "-c", script}});
  }

  TestFolder folder_;
  std::unique_ptr<Clock> clock_ = make_clock(std::nullopt);
  std::unique_ptr<ProcessRunner> runner_ = make_process_runner(*clock_);
};

TEST_F(ProcessRunnerTest, gives_exit_code_and_both_streams) {
  const auto result = shell("echo out; echo err >&2; exit 7");
  ASSERT_TRUE(result);
  EXPECT_EQ(result->exit_code, 7);
  EXPECT_EQ(result->out, "out\n");
  EXPECT_EQ(result->err, "err\n");
}

TEST_F(ProcessRunnerTest, a_signal_is_told_as_128_and_its_number) {
  const auto result = shell("kill -9 $$");
  ASSERT_TRUE(result);
  EXPECT_EQ(result->exit_code, 137);
}

TEST_F(ProcessRunnerTest, standard_input_is_empty_unless_given) {
  EXPECT_EQ(run({.argv = {"cat"}})->out, "");
  EXPECT_EQ(run({.argv = {"cat"}, .input = "two\nlines"})->out, "two\nlines");
  const std::string large(300'000, 'x');
  EXPECT_EQ(run({.argv = {"cat"}, .input = large})->out, large);
}

TEST_F(ProcessRunnerTest, the_environment_is_the_named_list_and_the_additions) {
  ::setenv("GATEHOUSE_TEST_LEAK", "leaked", 1);
  ::setenv("JUJU_DATA", "/somewhere/juju", 1);
  const auto result = run({.argv = {"env"}, .environment = {{"EXTRA", "1"}}});
  ::unsetenv("GATEHOUSE_TEST_LEAK");
  ::unsetenv("JUJU_DATA");
  ASSERT_TRUE(result);
  EXPECT_THAT(result->out, testing::HasSubstr("EXTRA=1\n"));
  EXPECT_THAT(result->out, testing::HasSubstr("LANG=C.UTF-8\n"));
  EXPECT_THAT(result->out, testing::HasSubstr("JUJU_DATA=/somewhere/juju\n"));
  EXPECT_THAT(result->out, testing::Not(testing::HasSubstr("LEAK")));
  EXPECT_THAT(result->out, testing::Not(testing::HasSubstr("TERM=")));
}

TEST_F(ProcessRunnerTest, no_descriptor_of_ours_reaches_the_child) {
  const Descriptor careless(::open("/dev/null", O_RDONLY));
  const Descriptor higher(::fcntl(careless.number(), F_DUPFD, 200));
  const auto result = run({.argv = {"ls", "/proc/self/fd"}});
  ASSERT_TRUE(result);
  // The fourth is the folder that ls itself reads.
  EXPECT_EQ(result->out, "0\n1\n2\n3\n");
}

TEST_F(ProcessRunnerTest, the_child_starts_with_no_signal_blocked_or_ignored) {
  sigset_t blocked;
  sigset_t former;
  ::sigemptyset(&blocked);
  ::sigaddset(&blocked, SIGUSR1);
  ::sigprocmask(SIG_BLOCK, &blocked, &former);
  // Not by way of a shell, which clears its mask as it starts.
  const auto result =
      run({.argv = {"sed", "-nE", "s/^Sig(Blk|Ign):.*(.{8})$/\\2/p", "/proc/self/status"}});
  ::sigprocmask(SIG_SETMASK, &former, nullptr);
  ASSERT_TRUE(result);
  for (const std::string_view signals : lines_of(result->out)) {
    // The C library keeps signal 32 to itself; nobody can set it.
    EXPECT_EQ(std::stoul(std::string(signals), nullptr, 16) & 0x7fffffffUL, 0UL) << result->out;
  }
  EXPECT_EQ(lines_of(result->out).size(), 2U);
}

TEST_F(ProcessRunnerTest, the_program_is_looked_up_in_the_path_of_the_child) {
  folder_.write("only-here", "#!/bin/sh\necho found\n");
  ::chmod((folder_ / "only-here").c_str(), 0755);
  EXPECT_EQ(run({.argv = {"only-here"}}).error().kind, ErrorKind::not_found);
  const auto result =
      run({.argv = {"only-here"}, .environment = {{"PATH", folder_.path() + ":/bin"}}});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->out, "found\n");
}

TEST_F(ProcessRunnerTest, a_program_that_cannot_be_started_was_not_sent) {
  const auto missing = run({.argv = {"/no/such/program"}});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind, ErrorKind::not_found);
  EXPECT_EQ(missing.error().delivery, Delivery::not_sent);

  folder_.write("plain", "text");
  const auto plain = run({.argv = {folder_ / "plain"}});
  ASSERT_FALSE(plain);
  EXPECT_EQ(plain.error().kind, ErrorKind::denied);
  EXPECT_EQ(run({.argv = {}}).error().kind, ErrorKind::invalid_input);
}

TEST_F(ProcessRunnerTest, it_runs_in_the_folder_asked_for) {
  const auto result = run({.argv = {"pwd"}, .directory = folder_.path()});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->out, folder_.path() + "\n");
  const auto nowhere = run({.argv = {"pwd"}, .directory = folder_ / "none"});
  ASSERT_FALSE(nowhere);
  EXPECT_THAT(nowhere.error().message, testing::HasSubstr("no folder"));
}

TEST_F(ProcessRunnerTest, large_output_on_both_streams_is_whole) {
  const auto result = shell("head -c 5000000 /dev/zero; head -c 3000000 /dev/zero >&2");
  ASSERT_TRUE(result);
  EXPECT_EQ(result->out.size(), 5'000'000U);
  EXPECT_EQ(result->err.size(), 3'000'000U);
}

TEST_F(ProcessRunnerTest, endless_output_is_cut_off_and_told) {
  const auto result = run({.argv = {"yes"}, .output_bytes_max = 1000});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::malformed);
  EXPECT_EQ(result.error().delivery, Delivery::maybe_applied);
  EXPECT_TRUE(run({.argv = {"head", "-c", "1000", "/dev/zero"}, .output_bytes_max = 1000}));
}

/// Both ends of a named pipe tell whether a process that holds it still lives.
class HeldPipe {
 public:
  explicit HeldPipe(const std::string& path) {
    EXPECT_EQ(::mkfifo(path.c_str(), 0600), 0);
    read_end_ = Descriptor(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  }
  bool is_let_go() const {
    pollfd watched{.fd = read_end_.number(), .events = POLLIN, .revents = 0};
    return ::poll(&watched, 1, 10'000) == 1 && (watched.revents & POLLHUP) != 0;
  }

 private:
  Descriptor read_end_;
};

TEST_F(ProcessRunnerTest, the_deadline_ends_grandchildren_too) {
  const HeldPipe held(folder_ / "held");
  const auto result = run({.argv = {"/bin/sh", "-c", "exec 9>held; sleep 1000 & sleep 1000 & wait"},
                           .directory = folder_.path(),
                           .deadline = Milliseconds(300)});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::timed_out);
  EXPECT_EQ(result.error().delivery, Delivery::maybe_applied);
  EXPECT_TRUE(held.is_let_go());
}

TEST_F(ProcessRunnerTest, a_child_that_ignores_the_softer_signal_is_killed) {
  const auto result = run({.argv = {"/bin/sh", "-c", "trap '' TERM; while :; do sleep 1000; done"},
                           .deadline = Milliseconds(100)});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::timed_out);
}

TEST_F(ProcessRunnerTest, a_grandchild_that_left_the_session_does_not_hold_the_answer_up) {
  const auto result = shell("setsid sleep 1000 & echo $!");
  ASSERT_TRUE(result);
  const int escaped = std::stoi(result->out);
  EXPECT_EQ(::kill(escaped, SIGKILL), 0);
}

TEST_F(ProcessRunnerTest, results_stand_in_the_order_of_the_commands) {
  std::vector<Command> commands;
  for (int code = 0; code < 7; ++code) {
    commands.push_back({.argv = {"/bin/sh", "-c", "exit " + std::to_string(code)}});
  }
  commands[3].argv = {"/no/such/program"};
  const auto results = runner_->run(commands, 3);
  ASSERT_EQ(results.size(), 7U);
  for (std::size_t index = 0; index < results.size(); ++index) {
    if (index == 3) {
      EXPECT_FALSE(results[index]);
    } else {
      ASSERT_TRUE(results[index]);
      EXPECT_EQ(results[index]->exit_code, static_cast<int>(index));
    }
  }
}

TEST_F(ProcessRunnerTest, two_that_need_each_other_run_at_the_same_time) {
  ASSERT_EQ(::mkfifo((folder_ / "between").c_str(), 0600), 0);
  const std::vector<Command> commands = {
      {.argv = {"/bin/sh", "-c", "echo hello > between"}, .directory = folder_.path()},
      {.argv = {"cat", "between"}, .directory = folder_.path()}};
  const auto results = runner_->run(commands, 2);
  ASSERT_TRUE(results[1]);
  EXPECT_EQ(results[1]->out, "hello\n");
}

TEST_F(ProcessRunnerTest, an_interruption_ends_the_running_and_starts_no_other) {
  CountingClock clock(1);
  const auto runner = make_process_runner(clock);
  const std::vector<Command> commands(2, Command{.argv = {"sleep", "1000"}});
  const auto results = runner->run(commands, 1);
  ASSERT_FALSE(results[0]);
  EXPECT_EQ(results[0].error().kind, ErrorKind::interrupted);
  EXPECT_EQ(results[0].error().delivery, Delivery::maybe_applied);
  ASSERT_FALSE(results[1]);
  EXPECT_EQ(results[1].error().kind, ErrorKind::interrupted);
  EXPECT_EQ(results[1].error().delivery, Delivery::not_sent);
}

TEST_F(ProcessRunnerTest, runs_leave_no_descriptor_open) {
  const auto count_open = [] {
    const auto entries = std::filesystem::directory_iterator("/proc/self/fd");
    return std::distance(std::filesystem::begin(entries), std::filesystem::end(entries));
  };
  const auto before = count_open();
  for (int round = 0; round < 5; ++round) EXPECT_TRUE(shell("true"));
  EXPECT_EQ(count_open(), before);
}

}  // namespace
}  // namespace gatehouse::posix
