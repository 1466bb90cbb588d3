// The whole phase without a fault: it holds, its report says all that the runbook records, and no
// secret of the run stands anywhere that somebody else may read.
#include <filesystem>
#include <fstream>
#include <thread>

#include <gtest/gtest.h>

#include "base/text.h"
#include "tests/scenarios/rehearsal.h"
#include "tests/simulation/world.h"

namespace gatehouse::scenarios {

namespace {

// Command lines and environments of every process, taken again and again while a run is under way.
class ProcessTableWatch {
 public:
  ProcessTableWatch() : thread_([this](const std::stop_token& stop) { watch(stop); }) {}
  std::set<std::string> seen() {
    thread_.request_stop();
    thread_.join();
    return std::move(seen_);
  }

 private:
  void watch(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      std::error_code error;
      for (const auto& entry : std::filesystem::directory_iterator("/proc", error)) {
        for (const char* file : {"/cmdline", "/environ"}) {
          std::string text = contents_of(entry.path().string() + file);
          if (!text.empty()) seen_.insert(std::move(text));
        }
      }
    }
  }
  std::set<std::string> seen_;
  std::jthread thread_;
};

TEST(StraightRun, holds_reports_and_leaks_nothing) {
  ProcessTableWatch processes;
  const Rehearsal rehearsal = rehearse("omega", "straight", {"--show-commands"});
  const std::set<std::string> table = processes.seen();
  const std::string said = rehearsal.result.out + rehearsal.result.err;
  ASSERT_EQ(rehearsal.result.exit_code, 0) << said;
  EXPECT_NE(rehearsal.result.out.find("report.txt"), std::string::npos) << said;

  const std::vector<std::string> secrets = secrets_of(rehearsal.home);
  ASSERT_GE(secrets.size(), 6U) << "two passphrases, three keys and the key of MAAS";
  // Outputs and files were scanned by rehearse().
  for (const std::string& entry : table) {
    EXPECT_EQ(simulation::find_secret(entry, secrets), "") << "in the process table";
  }
  EXPECT_TRUE(rehearsal.closed_gates().empty()) << join(rehearsal.closed_gates(), ", ");
  // Every secret file is closed to others.
  for (const std::string& path : files_below(rehearsal.home)) {
    if (!may_hold_secrets(path) || path.ends_with(".cert.pem")) continue;
    const auto mode = std::filesystem::status(path).permissions();
    EXPECT_EQ(mode & std::filesystem::perms(077), std::filesystem::perms::none) << path;
  }
}

TEST(StraightRun, report_holds_what_the_runbook_records) {
  const Rehearsal rehearsal = rehearse("omega", "as-built", {});
  ASSERT_EQ(rehearsal.result.exit_code, 0) << rehearsal.result.err;
  const json::object* record = find_object(rehearsal.report, "as_built");
  ASSERT_TRUE(record);
  const json::object* plan = find_object(*record, "plan");
  ASSERT_TRUE(plan);
  EXPECT_EQ(find_integer(*plan, "applications"), 50);
  EXPECT_EQ(find_integer(*plan, "relations"), 97);
  EXPECT_EQ(find_integer(*plan, "machines"), 4);
  EXPECT_EQ(find_integer(*plan, "containers"), 24);
  const json::object* next = find_object(*record, "next");
  ASSERT_TRUE(next);
  const std::string waiting = json::serialize(*next);
  EXPECT_NE(waiting.find("vault/0"), std::string::npos) << waiting;
  EXPECT_NE(waiting.find("Vault needs to be initialized"), std::string::npos) << waiting;
  const std::string report = json::serialize(rehearsal.report);
  for (const char* word : {"Mode: R/W", "10.12.12.40", "10.12.12.43", "squid/stable", "maas-api"}) {
    EXPECT_NE(report.find(word), std::string::npos) << word;
  }
}

TEST(StraightRun, a_step_that_is_not_there_stops_the_run_before_it_begins) {
  const Rehearsal rehearsal = rehearse("omega", "no-such-step", {"--until", "nonsense"});
  EXPECT_EQ(rehearsal.result.exit_code, 2) << rehearsal.result.err;
  EXPECT_NE(rehearsal.result.err.find("pre-deploy"), std::string::npos) << "the steps are named";
  EXPECT_TRUE(rehearsal.report.is_null());
}

TEST(StraightRun, second_site_holds_with_nothing_in_the_code_knowing_it) {
  const Rehearsal rehearsal = rehearse("second", "second", {});
  EXPECT_EQ(rehearsal.result.exit_code, 0) << rehearsal.result.out << rehearsal.result.err;
}

}  // namespace

}  // namespace gatehouse::scenarios
