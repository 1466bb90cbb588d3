#include <csignal>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "effects/posix/posix.h"

namespace gatehouse::posix {
namespace {

using std::chrono::hours;
using std::chrono::system_clock;

Moment wall_now() {
  return std::chrono::time_point_cast<Milliseconds>(system_clock::now());
}

TEST(Clock, without_a_scale_it_shows_the_wall) {
  const auto clock = make_clock(std::nullopt);
  const Moment before = wall_now();
  const Moment shown = clock->now();
  EXPECT_LE(before, shown);
  EXPECT_LE(shown, wall_now());
}

TEST(Clock, lab_time_starts_at_its_origin_and_runs_by_the_factor) {
  const Moment lab_origin = *parse_rfc3339("2026-01-01T00:00:00Z");
  // A wall origin one hour ago: a thousand lab hours have passed since, however slow this machine.
  const Moment wall_origin = wall_now() - hours(1);
  const auto clock = make_clock(ClockScale{wall_origin, lab_origin, 1000});
  const Moment least = lab_origin + (wall_now() - wall_origin) * 1000;
  const Moment shown = clock->now();
  const Moment most = lab_origin + (wall_now() + Milliseconds(1) - wall_origin) * 1000;
  EXPECT_LE(least, shown);
  EXPECT_LE(shown, most);
}

TEST(Clock, a_wait_lasts_as_long_by_this_clock_as_asked) {
  // A lab day takes 0.9 s of the wall.
  const auto clock = make_clock(ClockScale{wall_now(), wall_now(), 96'000});
  const Milliseconds before = clock->monotonic();
  EXPECT_EQ(clock->wait(hours(24)), WaitEnd::reached);
  EXPECT_GE(clock->monotonic() - before, hours(24) - Milliseconds(1));
}

TEST(Clock, a_signal_ends_the_wait_and_is_remembered) {
  const auto clock = make_clock(std::nullopt);
  EXPECT_FALSE(clock->is_interrupted());
  ASSERT_EQ(::raise(SIGTERM), 0);
  EXPECT_TRUE(clock->is_interrupted());
  EXPECT_EQ(clock->wait(hours(24)), WaitEnd::interrupted);
}

TEST(Clock, a_signal_from_elsewhere_wakes_a_wait_that_has_begun) {
  const auto clock = make_clock(std::nullopt);
  // It may come while the wait below is under way or just before; both must end it.
  const pid_t parent = ::getpid();
  const pid_t sender = ::fork();
  if (sender == 0) {
    ::kill(parent, SIGINT);
    ::_exit(0);
  }
  ASSERT_GT(sender, 0);
  EXPECT_EQ(clock->wait(hours(24)), WaitEnd::interrupted);
  EXPECT_EQ(::waitpid(sender, nullptr, 0), sender);
}

TEST(Clock, hang_up_and_broken_pipe_are_ignored) {
  const auto clock = make_clock(std::nullopt);
  ASSERT_EQ(::raise(SIGHUP), 0);
  ASSERT_EQ(::raise(SIGPIPE), 0);
  EXPECT_FALSE(clock->is_interrupted());
}

TEST(Clock, a_second_interrupt_ends_the_program_with_130) {
  const auto ask_twice = [] {
    const auto clock = make_clock(std::nullopt);
    ::raise(SIGINT);
    ::raise(SIGINT);
    ::_exit(0);
  };
  EXPECT_EXIT(ask_twice(), testing::ExitedWithCode(130), "");
}

TEST(Entropy, gives_as_many_bytes_as_asked_and_never_the_same) {
  const auto entropy = make_entropy();
  const auto one = entropy->bytes(32);
  const auto two = entropy->bytes(32);
  ASSERT_TRUE(one);
  ASSERT_TRUE(two);
  EXPECT_EQ(one->size(), 32U);
  EXPECT_NE(*one, *two);
}

}  // namespace
}  // namespace gatehouse::posix
