// The built program killed with SIGKILL, which nothing can catch: at the boundaries of its effects,
// while `juju deploy` runs, and at commits that a seed chooses; then `resume` ends what was begun.
// And stopped by what it does catch: Ctrl-C once and twice, SIGTERM, a terminal that goes away.
// Every boundary in process: tests/simulation.
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "effects/posix/posix.h"
#include "journal/journal.h"
#include "sim/chance.h"
#include "sim/lab.h"
#include "tests/scenarios/rehearsal.h"

extern char** environ;

namespace gatehouse::scenarios {

namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// Resumes and second programs take the wall's time out of the site's deadline: more of it.
int slower_lab() {
  return lab_speed() / 2;
}

/// A run in the lab of the second site, which needs no PKI, with its progress read line by line.
class KilledRun : public testing::Test {
 protected:
  KilledRun() {
    home_ = fs::path(GATEHOUSE_BINARY_DIR) / "homes" / ("killed-" + std::to_string(::getpid()));
    fs::remove_all(home_);
    fs::create_directories(home_);
    fs::copy(fs::path(GATEHOUSE_SOURCE_DIR) / "sites" / "second", home_ / "site");
    start_lab();
  }
  ~KilledRun() override {
    expect_no_leak(home_.string(), said_);
    (void)sim::stop_lab((home_ / "lab").string(), effects_);
    fs::remove_all(home_);
  }

  void start_lab() {
    sim::LabRequest request;
    request.site_file = (home_ / "site" / "site.yaml").string();
    request.speed = slower_lab();
    request.folder = (home_ / "lab").string();
    request.program = GATEHOUSE_BINARY_DIR "/gatehouse-lab";
    const auto lab = sim::start_lab(request, effects_);
    EXPECT_TRUE(lab) << (lab ? "" : to_string(lab.error()));
    if (lab) assignments_ = lab->assignments;
  }

  /// As if nothing had been run yet.
  void begin_anew() {
    expect_no_leak(home_.string(), said_);
    (void)sim::stop_lab((home_ / "lab").string(), effects_, sim::Leftovers::remove);
    fs::remove_all(home_ / "gatehouse");
    start_lab();
  }

  /// Starts `gatehouse run`; `until` looks at each line of its progress and says when to kill.
  void kill_when(const std::function<bool(const std::string&)>& until) {
    const int status = stop_when(until, [](pid_t pid) { ::kill(pid, SIGKILL); });
    was_killed_ = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
  }

  enum class Terminal { stays, goes };
  /// The same with another way to stop it; what it says from then on is in `after_`, unless its
  /// terminal goes away. Gives the status it ended with. It leads a process group, as under a
  /// shell.
  int stop_when(const std::function<bool(const std::string&)>& until,
                const std::function<void(pid_t)>& stop, Terminal terminal = Terminal::stays) {
    int pipe[2];
    EXPECT_EQ(::pipe2(pipe, O_CLOEXEC), 0);
    const pid_t pid = spawn({"run", "--yes"}, pipe[1]);
    ::close(pipe[1]);
    std::string open;
    char piece[512];
    bool is_stopped = false;
    while (!is_stopped || terminal == Terminal::stays) {
      const ssize_t count = ::read(pipe[0], piece, sizeof piece);
      if (count <= 0) break;
      open.append(piece, static_cast<std::size_t>(count));
      said_.append(piece, static_cast<std::size_t>(count));
      for (auto end = open.find('\n'); end != open.npos && !is_stopped; end = open.find('\n')) {
        const std::string line = open.substr(0, end);
        open.erase(0, end + 1);
        if (!until(line)) continue;
        stop(pid);
        is_stopped = true;
      }
      // A child that outlives it may hold nothing of ours, so the pipe ends with it.
    }
    was_stopped_ = is_stopped;
    after_ = std::move(open);
    ::close(pipe[0]);
    int status = 0;
    ::waitpid(pid, &status, 0);
    return status;
  }

  ProcessResult gatehouse(std::vector<std::string> words) {
    Command command;
    command.argv = {GATEHOUSE_BINARY_DIR "/gatehouse"};
    command.argv.insert(command.argv.end(), words.begin(), words.end());
    command.directory = (home_ / "site").string();
    command.environment = environment();
    command.deadline = std::chrono::minutes(4);
    auto result = run_one(*processes_, command);
    EXPECT_TRUE(result) << (result ? "" : to_string(result.error()));
    if (result) said_ += result->out + result->err;
    return result ? std::move(*result) : ProcessResult{};
  }

  std::map<std::string, std::string> environment() const {
    std::map<std::string, std::string> all = assignments_;
    all["HOME"] = home_.string();
    all["NO_COLOR"] = "1";
    return all;
  }

  std::string state() const {
    return (home_ / "gatehouse" / ("lab-" + assignments_.at("GATEHOUSE_LAB"))).string();
  }

  std::vector<Event> rows() {
    std::vector<Event> rows;
    auto journal = open_journal(state(), JournalMode::read);
    EXPECT_TRUE(journal) << (journal ? "" : to_string(journal.error()));
    if (!journal) return rows;
    const auto runs = (*journal)->runs();
    EXPECT_TRUE(runs);
    if (!runs) return rows;
    for (const std::string& run : *runs) {
      const auto events = (*journal)->events_of(run);
      EXPECT_TRUE(events);
      if (events) rows.insert(rows.end(), events->begin(), events->end());
    }
    return rows;
  }

  std::size_t count(const std::vector<Event>& rows, std::string_view kind, std::string_view step) {
    return static_cast<std::size_t>(std::count_if(rows.begin(), rows.end(), [&](const Event& row) {
      return row.kind == kind && string_or_empty(row.body, "step") == step;
    }));
  }

  /// Whatever was cut off: the journal is whole, nothing that was recorded is lost, and in the end
  /// there is one model, made once and deployed into once.
  void expect_good_end(const std::string& where) {
    const std::vector<Event> before =
        fs::exists(journal_file(state())) ? rows() : std::vector<Event>();
    const bool has_intent = std::any_of(before.begin(), before.end(),
                                        [](const Event& row) { return row.kind == "intent"; });
    const ProcessResult ended =
        has_intent ? gatehouse({"resume", "--yes"}) : gatehouse({"run", "--yes"});
    EXPECT_EQ(ended.exit_code, 0) << where << "\n" << ended.err;
    const ProcessResult verified = gatehouse({"journal", "verify"});
    EXPECT_EQ(verified.exit_code, 0) << where << "\n" << verified.out << verified.err;
    const std::vector<Event> after = rows();
    ASSERT_GE(after.size(), before.size()) << where;
    for (std::size_t i = 0; i < before.size(); ++i) {
      EXPECT_EQ(to_json_line(before[i]), to_json_line(after[i])) << where;
    }
    for (const char* step : {"add-model", "deploy"}) {
      // An intent whose command was never started may be followed by another; a command may not.
      EXPECT_EQ(std::count_if(after.begin(), after.end(),
                              [&](const Event& row) {
                                return row.kind == "outcome" &&
                                       string_or_empty(row.body, "step") == step;
                              }),
                1)
          << where << ": " << step;
      std::size_t started = 0;
      for (const std::string& path : files_below(state())) {
        if (path.ends_with("/exit") && path.find(std::string("/") + step) != path.npos) ++started;
      }
      EXPECT_EQ(started, 1U) << where << ": " << step << " was given so many times";
    }
  }

 private:
  pid_t spawn(const std::vector<std::string>& words, int error_descriptor) {
    std::vector<std::string> texts{GATEHOUSE_BINARY_DIR "/gatehouse"};
    texts.insert(texts.end(), words.begin(), words.end());
    std::vector<char*> argv;
    for (std::string& text : texts) argv.push_back(text.data());
    argv.push_back(nullptr);
    std::map<std::string, std::string> all = environment();
    for (char** entry = environ; *entry; ++entry) {
      const std::string text = *entry;
      all.emplace(text.substr(0, text.find('=')), text.substr(text.find('=') + 1));
    }
    std::vector<std::string> entries;
    for (const auto& [name, value] : all) entries.push_back(name + "=" + value);
    std::vector<char*> variables;
    for (std::string& entry : entries) variables.push_back(entry.data());
    variables.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, error_descriptor, STDERR_FILENO);
    ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_addchdir_np(&actions, (home_ / "site").c_str());
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    pid_t pid = 0;
    EXPECT_EQ(::posix_spawn(&pid, argv[0], &actions, &attributes, argv.data(), variables.data()),
              0);
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&actions);
    return pid;
  }

 protected:
  fs::path home_;
  std::map<std::string, std::string> assignments_;
  std::string said_;  ///< by all the programs that were run
  bool was_killed_ = false;
  bool was_stopped_ = false;  ///< the line to stop at was seen
  std::string after_;
  std::unique_ptr<Clock> clock_ = posix::make_clock(std::nullopt);
  std::unique_ptr<HttpTransport> http_ = posix::make_http_transport(*clock_);
  std::unique_ptr<ProcessRunner> processes_ = posix::make_process_runner(*clock_);
  std::unique_ptr<FileStore> files_ = posix::make_file_store();
  std::unique_ptr<Entropy> entropy_ = posix::make_entropy();
  Effects effects_{*http_, *processes_, *files_, *clock_, *entropy_};
};

TEST_F(KilledRun, before_add_model_it_goes_on_with_one_model) {
  kill_when(
      [](const std::string& line) { return line.find("effect   juju add-model") != line.npos; });
  ASSERT_TRUE(was_killed_);
  expect_good_end("as the intent of add-model was recorded");
}

TEST_F(KilledRun, after_add_model_it_goes_on_with_that_model) {
  std::size_t landed = 0;
  kill_when([&](const std::string& line) {
    return line.find("   landed   ") != line.npos && ++landed == 1;
  });
  ASSERT_TRUE(was_killed_);
  expect_good_end("as add-model was seen to have landed");
}

TEST_F(KilledRun, before_deploy_it_goes_on_and_deploys_once) {
  kill_when([](const std::string& line) { return line.find("effect   juju deploy") != line.npos; });
  ASSERT_TRUE(was_killed_);
  expect_good_end("as the intent of deploy was recorded");
}

TEST_F(KilledRun, while_deploy_runs_the_child_lives_on_and_resume_waits_for_it) {
  std::string folder;
  const auto is_at_work = [&](const std::string& line) {
    if (line.find("effect   juju deploy") == line.npos) return false;
    // Until the child has said that it is at work; it has no end yet.
    for (int tries = 0; tries < 2000; ++tries) {
      for (const std::string& path : files_below(state())) {
        if (!path.ends_with("/deploy/stdout")) continue;
        if (contents_of(path).find("Executing changes") == std::string::npos) continue;
        folder = path.substr(0, path.rfind('/'));
        return true;
      }
      (void)clock_->wait(Milliseconds(1));
    }
    return true;
  };
  kill_when(is_at_work);
  // On a busy machine the kill can come after the end of the child: that is another test's.
  for (int again = 0; again < 5 && was_killed_ && fs::exists(folder + "/exit"); ++again) {
    begin_anew();
    kill_when(is_at_work);
  }
  ASSERT_TRUE(was_killed_);
  ASSERT_FALSE(folder.empty()) << "deploy was never seen to run";
  EXPECT_FALSE(fs::exists(folder + "/exit")) << "it had ended before the kill";
  expect_good_end("while deploy ran");
  EXPECT_EQ(trim(contents_of(folder + "/exit")), "0") << "the child came to its own end";
}

class KilledAtCommit : public KilledRun, public testing::WithParamInterface<std::uint64_t> {};

TEST_P(KilledAtCommit, comes_to_the_same_end) {
  const auto wanted = 1 + sim::chance_bits(GetParam(), "commit") % 70;
  auto at = wanted;
  std::size_t lines = 0;
  const auto is_there = [&](const std::string&) { return ++lines == at; };
  kill_when(is_there);
  // On a busy machine it says less of the wait.
  if (!was_killed_) {
    at = 1 + wanted % lines;
    lines = 0;
    begin_anew();
    kill_when(is_there);
  }
  ASSERT_TRUE(was_killed_) << "it ended before line " << at;
  expect_good_end("killed at line " + std::to_string(at));
}

constexpr std::uint64_t kFirstSeed = 20261124;
INSTANTIATE_TEST_SUITE_P(seeds, KilledAtCommit, testing::Range(kFirstSeed, kFirstSeed + 30));

TEST_F(KilledRun, old_runs_leave_the_journal_for_a_file_and_the_chain_goes_on) {
  for (int run = 0; run < 3; ++run) {
    EXPECT_EQ(gatehouse({"run", "--yes", "--until", "inputs"}).exit_code, 0);
  }
  const std::size_t before = rows().size();
  const ProcessResult pruned = gatehouse({"journal", "prune", "--keep", "1"});
  EXPECT_EQ(pruned.exit_code, 0) << pruned.err;
  EXPECT_THAT(pruned.out, HasSubstr("2 runs"));
  EXPECT_LT(rows().size(), before);
  std::size_t kept = 0;
  for (const std::string& path : files_below(state() + "/archive")) {
    const std::string text = contents_of(path);
    kept += lines_of(text).size();
  }
  EXPECT_EQ(kept + rows().size(), before) << "nothing is lost";
  EXPECT_EQ(gatehouse({"journal", "verify"}).exit_code, 0);
  EXPECT_EQ(gatehouse({"run", "--yes", "--until", "inputs"}).exit_code, 0);
  EXPECT_EQ(gatehouse({"journal", "verify"}).exit_code, 0);
}

TEST_F(KilledRun, what_has_steps_left_is_not_pruned_nor_gone_past) {
  EXPECT_EQ(gatehouse({"run", "--yes", "--until", "dry-run"}).exit_code, 0);
  EXPECT_THAT(gatehouse({"journal", "list"}).out, HasSubstr("ended after step dry-run, as asked"));
  const std::size_t before = rows().size();
  EXPECT_EQ(gatehouse({"journal", "prune", "--keep", ""}).exit_code, 2);
  const ProcessResult pruned = gatehouse({"journal", "prune", "--keep", "0"});
  EXPECT_THAT(pruned.err, HasSubstr("has steps left"));
  EXPECT_EQ(gatehouse({"resume", "--yes", "--until", "add-model"}).exit_code, 2);
  EXPECT_EQ(rows().size(), before) << "nothing was done";
  // A run that a gate ends before it changes anything hides it from nobody.
  const ProcessResult second = gatehouse({"run", "--yes"});
  EXPECT_EQ(second.exit_code, 1);
  EXPECT_THAT(second.err, HasSubstr("has steps left"));
  EXPECT_EQ(gatehouse({"resume", "--yes"}).exit_code, 0);
  EXPECT_EQ(count(rows(), "outcome", "deploy"), 1U);
  // The rows of the second lie within those of the first.
  EXPECT_THAT(gatehouse({"journal", "prune", "--keep", "1"}).out, HasSubstr("nothing to prune"));
  EXPECT_THAT(gatehouse({"journal", "prune", "--keep", "0"}).out, HasSubstr("2 runs"));
}

TEST_F(KilledRun, a_journal_whose_end_was_cut_off_is_refused_and_not_covered_up) {
  EXPECT_EQ(gatehouse({"run", "--yes", "--until", "inputs"}).exit_code, 0);
  const std::string kept = "999 " + std::string(64, 'a') + "\n";
  ASSERT_TRUE(files_->write_atomic(state() + "/HEAD", kept, 0600));
  const ProcessResult verified = gatehouse({"journal", "verify"});
  EXPECT_EQ(verified.exit_code, 1);
  EXPECT_THAT(verified.out, HasSubstr("to 999 are gone: the journal ends at row"));
  EXPECT_EQ(gatehouse({"run", "--yes", "--until", "inputs"}).exit_code, 3);
  EXPECT_EQ(gatehouse({"journal", "prune", "--keep", "0"}).exit_code, 3);
  EXPECT_EQ(contents_of(state() + "/HEAD"), kept);
  ASSERT_TRUE(files_->write_atomic(state() + "/HEAD", "", 0600));
  EXPECT_EQ(gatehouse({"journal", "verify"}).exit_code, 3) << "it says nothing of the rows";
}

TEST_F(KilledRun, the_runs_of_another_site_are_left_alone) {
  EXPECT_EQ(gatehouse({"run", "--yes", "--until", "dry-run"}).exit_code, 0);
  const std::string site = (home_ / "site" / "site.yaml").string();
  std::string text = contents_of(site);
  const std::string name = "site: aurora";
  ASSERT_NE(text.find(name), text.npos);
  text.replace(text.find(name), name.size(), "site: borealis");
  std::ofstream(site) << text;
  for (const char* command : {"run", "resume"}) {
    const ProcessResult refused = gatehouse({command, "--yes"});
    EXPECT_EQ(refused.exit_code, 2) << command;
    EXPECT_THAT(refused.err, HasSubstr("is of site aurora, and this site file is of borealis"));
  }
}

TEST_F(KilledRun, a_changed_stage_is_refused_with_its_file_and_digests) {
  EXPECT_EQ(gatehouse({"run", "--yes", "--until", "dry-run"}).exit_code, 0);
  for (const std::string& path : files_below(state())) {
    if (path.ends_with("/stage/bundle.yaml")) std::ofstream(path, std::ios::app) << "# more\n";
  }
  const ProcessResult refused = gatehouse({"resume", "--yes"});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, HasSubstr("bundle.yaml: SHA-256 "));
  EXPECT_THAT(refused.err, HasSubstr("put those bytes back there, then gatehouse resume"));
}

TEST_F(KilledRun, what_cannot_be_told_is_no_success) {
  Command command;
  command.argv = {"/bin/sh", "-c", GATEHOUSE_BINARY_DIR "/gatehouse gates list >/dev/full"};
  const auto full = run_one(*processes_, command);
  ASSERT_TRUE(full);
  EXPECT_EQ(full->exit_code, 2);
  EXPECT_THAT(full->err, HasSubstr("error: writing to standard output: No space left on device"));
}

TEST_F(KilledRun, a_second_operator_is_told_who_holds_the_site_and_a_dead_one_frees_it) {
  std::string told;
  int code = 0;
  bool has_asked = false;
  kill_when([&](const std::string& line) {
    if (line.find("   landed   ") == line.npos || has_asked) return has_asked;
    has_asked = true;
    const ProcessResult second = gatehouse({"run", "--yes"});
    told = second.err;
    code = second.exit_code;
    return true;
  });
  EXPECT_EQ(code, 2) << told;
  EXPECT_THAT(told, HasSubstr("gatehouse run of "));
  EXPECT_THAT(told, HasSubstr("process "));
  EXPECT_THAT(told, HasSubstr(" since 2"));
  expect_good_end("after its holder was killed");
}

bool is_deploy(const std::string& line) {
  return line.find("effect   juju deploy") != line.npos;
}

bool is_settling(const std::string& line) {
  return line.find("   model    ") != line.npos;
}

// A terminal sends Ctrl-C to every process of the group.
void press_ctrl_c(pid_t pid) {
  ::kill(-pid, SIGINT);
}

TEST_F(KilledRun, ctrl_c_while_the_model_settles_ends_at_a_safe_point_and_says_how_to_go_on) {
  const int status = stop_when(is_settling, press_ctrl_c);
  ASSERT_TRUE(was_stopped_);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 130) << after_;
  EXPECT_THAT(after_, HasSubstr("gatehouse resume"));
  expect_good_end("after Ctrl-C while it settled");
}

TEST_F(KilledRun, ctrl_c_while_deploy_runs_leaves_the_child_to_end) {
  const int status = stop_when(is_deploy, press_ctrl_c);
  ASSERT_TRUE(was_stopped_);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 130) << after_;
  EXPECT_THAT(after_, HasSubstr("gatehouse resume"));
  expect_good_end("after Ctrl-C while deploy ran");
}

// Two at once may come as one; that the second ends it at once is shown in clock_test.cpp.
TEST_F(KilledRun, ctrl_c_twice_ends_it_and_deploys_once) {
  const int status = stop_when(is_deploy, [](pid_t pid) {
    press_ctrl_c(pid);
    press_ctrl_c(pid);
  });
  ASSERT_TRUE(was_stopped_);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 130) << after_;
  expect_good_end("after two Ctrl-C");
}

TEST_F(KilledRun, sigterm_ends_it_as_ctrl_c_does) {
  const int status = stop_when(is_settling, [](pid_t pid) { ::kill(pid, SIGTERM); });
  ASSERT_TRUE(was_stopped_);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 130) << after_;
  EXPECT_THAT(after_, HasSubstr("gatehouse resume"));
  expect_good_end("after SIGTERM");
}

TEST_F(KilledRun, a_lost_terminal_does_not_end_it) {
  const int status = stop_when(is_deploy, [](pid_t pid) { ::kill(-pid, SIGHUP); }, Terminal::goes);
  ASSERT_TRUE(was_stopped_);
  ASSERT_TRUE(WIFEXITED(status)) << WTERMSIG(status);
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_EQ(gatehouse({"journal", "verify"}).exit_code, 0);
  EXPECT_EQ(count(rows(), "outcome", "deploy"), 1U);
}

}  // namespace

}  // namespace gatehouse::scenarios
