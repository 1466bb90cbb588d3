#include <csignal>
#include <filesystem>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "effects/posix/descriptor.h"
#include "effects/posix/posix.h"
#include "effects/posix/process_table.h"
#include "effects/posix/test_folder.h"

namespace gatehouse::posix {
namespace {

/// Each child here waits for a word through the named pipe "go" before it ends.
class DetachedChildTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(::mkfifo((folder_ / "go").c_str(), 0600), 0); }

  DetachedCommand script(const std::string& text) const {
    return {.argv = {"/bin/sh", "-c", text},
            .directory = folder_.path(),
            .out_file = folder_ / "out",
            .err_file = folder_ / "err",
            .exit_file = folder_ / "exit",
            .lock_file = folder_ / "lock"};
  }
  void let_go() const {
    const Descriptor go(::open((folder_ / "go").c_str(), O_WRONLY | O_CLOEXEC));
    EXPECT_TRUE(write_all(go.number(), "go\n"));
  }
  /// The lock is free once child and keeper have both gone.
  void wait_until_ended() const {
    const Descriptor lock(::open((folder_ / "lock").c_str(), O_RDONLY | O_CLOEXEC));
    EXPECT_EQ(::flock(lock.number(), LOCK_EX), 0);
  }
  ChildState state_of(const ChildId& child) {
    const auto state = runner_->state_of(child, folder_ / "exit");
    EXPECT_TRUE(state);
    return state ? *state : ChildState{};
  }

  TestFolder folder_;
  std::unique_ptr<Clock> clock_ = make_clock(std::nullopt);
  std::unique_ptr<ProcessRunner> runner_ = make_process_runner(*clock_);
  std::unique_ptr<FileStore> files_ = make_file_store();
};

TEST_F(DetachedChildTest, its_output_goes_to_closed_files_and_its_exit_code_is_recorded) {
  const auto child = runner_->start_detached(script("read w <go; echo out; echo err >&2; exit 7"));
  ASSERT_TRUE(child);
  EXPECT_TRUE(state_of(*child).is_running);
  EXPECT_FALSE(state_of(*child).exit_code);
  let_go();
  wait_until_ended();
  EXPECT_FALSE(state_of(*child).is_running);
  EXPECT_EQ(state_of(*child).exit_code, 7);
  EXPECT_EQ(folder_.read("out"), "out\n");
  EXPECT_EQ(folder_.read("err"), "err\n");
  EXPECT_EQ(folder_.read("exit"), "7\n");
  for (const char* name : {"out", "err", "exit", "lock"}) {
    EXPECT_EQ(files_->info(folder_ / name)->mode, 0600U) << name;
  }
}

TEST_F(DetachedChildTest, it_holds_its_lock_as_long_as_it_lives) {
  const auto child = runner_->start_detached(script("read w <go"));
  ASSERT_TRUE(child);
  EXPECT_EQ(files_->lock(folder_ / "lock", "x").error().kind, ErrorKind::conflict);
  DetachedCommand second = script("true");
  second.out_file += "2";
  second.err_file += "2";
  second.exit_file += "2";
  EXPECT_EQ(runner_->start_detached(second).error().kind, ErrorKind::conflict);
  let_go();
  wait_until_ended();
  EXPECT_TRUE(files_->lock(folder_ / "lock", "x"));
}

TEST_F(DetachedChildTest, it_keeps_no_lock_of_ours_and_no_other_descriptor) {
  auto ours = files_->lock(folder_ / "ours", "us");
  const Descriptor careless(::open("/dev/null", O_RDONLY));
  const auto child =
      runner_->start_detached(script("ls /proc/self/fd; readlink /proc/self/fd/0; read w <go"));
  ASSERT_TRUE(child);
  ours->reset();
  EXPECT_TRUE(files_->lock(folder_ / "ours", "another"));
  let_go();
  wait_until_ended();
  // The lock is the fourth, the folder that ls reads the fifth.
  EXPECT_EQ(folder_.read("out"), "0\n1\n2\n3\n4\n/dev/null\n");
}

TEST_F(DetachedChildTest, it_survives_a_kill_of_its_parent_and_leaves_its_exit_code) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const pid_t parent = ::fork();
  ASSERT_GE(parent, 0);
  if (parent == 0) {
    const auto child = runner_->start_detached(script("read w <go; exit 42"));
    const ChildId id = child ? *child : ChildId{};
    if (::write(ends[1], &id, sizeof id) < 0) ::_exit(1);
    while (true) ::pause();
  }
  ChildId child;
  ASSERT_EQ(::read(ends[0], &child, sizeof child), static_cast<ssize_t>(sizeof child));
  ASSERT_GT(child.pid, 0);
  ASSERT_EQ(::kill(parent, SIGKILL), 0);
  ASSERT_EQ(::waitpid(parent, nullptr, 0), parent);

  EXPECT_TRUE(state_of(child).is_running);
  let_go();
  wait_until_ended();
  EXPECT_FALSE(state_of(child).is_running);
  EXPECT_EQ(state_of(child).exit_code, 42);
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST_F(DetachedChildTest, it_is_out_of_reach_of_signals_to_our_group) {
  const auto child = runner_->start_detached(script("read w <go"));
  ASSERT_TRUE(child);
  EXPECT_EQ(::getsid(child->pid), child->pid);
  EXPECT_NE(::getsid(child->pid), ::getsid(0));
  let_go();
  wait_until_ended();
}

TEST_F(DetachedChildTest, a_killed_child_is_told_by_its_signal) {
  const auto child = runner_->start_detached(script("read w <go"));
  ASSERT_TRUE(child);
  ASSERT_EQ(::kill(child->pid, SIGKILL), 0);
  wait_until_ended();
  EXPECT_EQ(state_of(*child).exit_code, 137);
}

TEST_F(DetachedChildTest, one_killed_with_its_keeper_left_no_word) {
  // Orphans come to us, so that the test and not the first process collects them.
  ASSERT_EQ(::prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
  const auto child = runner_->start_detached(script("read w <go"));
  ASSERT_TRUE(child);
  const int keeper = process_entry(child->pid)->parent;
  ASSERT_EQ(::kill(keeper, SIGKILL), 0);
  ASSERT_EQ(::waitpid(keeper, nullptr, 0), keeper);
  EXPECT_TRUE(state_of(*child).is_running);
  ASSERT_EQ(::kill(child->pid, SIGKILL), 0);
  ASSERT_EQ(::waitpid(child->pid, nullptr, 0), child->pid);
  EXPECT_FALSE(state_of(*child).is_running);
  EXPECT_FALSE(state_of(*child).exit_code);
  ASSERT_EQ(::prctl(PR_SET_CHILD_SUBREAPER, 0), 0);
}

TEST_F(DetachedChildTest, a_later_process_of_the_same_number_is_not_taken_for_it) {
  const auto child = runner_->start_detached(script("read w <go"));
  ASSERT_TRUE(child);
  EXPECT_GT(child->start_ticks, 0U);
  EXPECT_FALSE(state_of({.pid = child->pid, .start_ticks = child->start_ticks - 1}).is_running);
  let_go();
  wait_until_ended();
}

TEST_F(DetachedChildTest, one_that_cannot_be_started_leaves_nothing_behind) {
  DetachedCommand missing = script("");
  missing.argv = {"no-such-program"};
  EXPECT_EQ(runner_->start_detached(missing).error().kind, ErrorKind::not_found);

  // Executable, but no program: only execve finds out.
  folder_.write("garbage", "\x01\x02");
  ASSERT_EQ(::chmod((folder_ / "garbage").c_str(), 0755), 0);
  DetachedCommand garbage = script("");
  garbage.argv = {folder_ / "garbage"};
  const auto refused = runner_->start_detached(garbage);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().delivery, Delivery::not_sent);
  EXPECT_THAT(files_->list(folder_.path()).value(), testing::ElementsAre("garbage", "go", "lock"));
}

TEST_F(DetachedChildTest, an_output_file_that_exists_is_not_written_over) {
  folder_.write("err", "precious");
  EXPECT_EQ(runner_->start_detached(script("true")).error().kind, ErrorKind::conflict);
  EXPECT_EQ(folder_.read("err"), "precious");
  EXPECT_EQ(files_->info(folder_ / "out").error().kind, ErrorKind::not_found);
}

TEST(ProcessTable, reads_past_a_name_with_blanks_and_parentheses) {
  const auto entry = parse_process_entry(
      "42 (a) b (c) Z 7 42 42 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 987654321 0 0\n");
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->state, 'Z');
  EXPECT_EQ(entry->parent, 7);
  EXPECT_EQ(entry->start_ticks, 987654321U);
  EXPECT_FALSE(parse_process_entry("42 (a) S 1"));
  EXPECT_FALSE(parse_process_entry(""));
}

}  // namespace
}  // namespace gatehouse::posix
