// What needs more than one process against one lab: a deploy that stops half way and is gone on
// with or must not be, a model that is taken over, a watch that attaches to a run whose terminal is
// lost.
#include <csignal>
#include <filesystem>

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/text.h"
#include "effects/posix/posix.h"
#include "sim/faults.h"
#include "sim/lab.h"
#include "tests/scenarios/rehearsal.h"
#include "tests/simulation/world.h"

namespace gatehouse::scenarios {

namespace {

class InALab : public testing::Test {
 protected:
  InALab() : home_(std::filesystem::path(GATEHOUSE_BINARY_DIR) / "homes" / home_name()) {
    std::filesystem::remove_all(home_);
    std::filesystem::create_directories(home_);
    std::filesystem::copy(std::string(GATEHOUSE_SOURCE_DIR) + "/sites/second", home_ / "site",
                          std::filesystem::copy_options::recursive);
  }
  ~InALab() override {
    expect_no_leak(home_.string(), said_);
    (void)sim::stop_lab((home_ / "lab").string(), effects_);
  }

  static std::string home_name() {
    return std::string("lab-") + testing::UnitTest::GetInstance()->current_test_info()->name();
  }

  void start(std::vector<std::string> faults) {
    sim::LabRequest request;
    request.site_file = (home_ / "site/site.yaml").string();
    request.faults = std::move(faults);
    request.speed = lab_speed() / 4;
    request.folder = (home_ / "lab").string();
    request.program = GATEHOUSE_BINARY_DIR "/gatehouse-lab";
    request.path = "/usr/bin:/bin";
    auto lab = sim::start_lab(request, effects_);
    ASSERT_TRUE(lab) << to_string(lab.error());
    environment_ = lab->assignments;
    environment_["HOME"] = home_.string();
    environment_["NO_COLOR"] = "1";
    environment_["GATEHOUSE_SITE"] = request.site_file;
  }

  std::vector<std::string> argv(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), GATEHOUSE_BINARY_DIR "/gatehouse");
    return arguments;
  }

  ProcessResult gatehouse(std::vector<std::string> arguments) {
    Command command;
    command.argv = argv(std::move(arguments));
    command.environment = environment_;
    command.deadline = std::chrono::minutes(4);
    auto result = run_one(*processes_, std::move(command));
    EXPECT_TRUE(result) << (result ? "" : to_string(result.error()));
    if (result) said_ += result->out + result->err;
    return result ? std::move(*result) : ProcessResult{};
  }

  ProcessResult juju(std::vector<std::string> arguments) {
    Command command;
    command.argv = {"juju"};
    command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
    command.environment = environment_;
    command.directory = (home_ / "site").string();
    auto result = run_one(*processes_, std::move(command));
    EXPECT_TRUE(result) << (result ? "" : to_string(result.error()));
    return result ? std::move(*result) : ProcessResult{};
  }

  /// The names of what the model holds.
  std::string applications_and_machines() {
    const auto status = parse_json(juju({"status", "-m", "small-cloud", "--format", "json"}).out);
    std::string names;
    for (const char* section : {"applications", "machines"}) {
      const json::object* members = status ? find_object(*status, section) : nullptr;
      EXPECT_NE(members, nullptr) << section;
      if (!members) continue;
      for (const auto& member : *members) names += std::string(member.key()) + " ";
    }
    return names;
  }

  std::filesystem::path home_;
  std::map<std::string, std::string> environment_;
  std::string said_;  ///< by all the programs that were run
  std::unique_ptr<Clock> clock_ = posix::make_clock(std::nullopt);
  std::unique_ptr<HttpTransport> http_ = posix::make_http_transport(*clock_);
  std::unique_ptr<ProcessRunner> processes_ = posix::make_process_runner(*clock_);
  std::unique_ptr<FileStore> files_ = posix::make_file_store();
  std::unique_ptr<Entropy> entropy_ = posix::make_entropy();
  Effects effects_{*http_, *processes_, *files_, *clock_, *entropy_};
};

std::string said(const ProcessResult& result) {
  return result.out + result.err;
}

// The one fault that faults_test.cpp, whose lab ends with the first run, leaves out.
TEST_F(InALab, a_charm_released_half_way_closes_its_gate_when_resumed) {
  std::vector<std::string_view> late;
  for (const sim::Fault& fault : sim::all_faults()) {
    if (fault.comes_when_resumed) late.push_back(fault.name);
  }
  ASSERT_EQ(late, std::vector<std::string_view>{"charm-released-half-way"});
  const sim::Fault& fault = *sim::find_fault(late.front());
  start({std::string(fault.name)});
  EXPECT_EQ(gatehouse({"run", "--yes", "--until", "deploy"}).exit_code, 4);
  const std::string before = applications_and_machines();
  EXPECT_NE(before, "");
  for (int times = 0; times < 2; ++times) {
    const ProcessResult resumed = gatehouse({"resume", "--yes", "--until", "deploy"});
    EXPECT_EQ(resumed.exit_code, fault.exit_code) << said(resumed);
    EXPECT_NE(resumed.err.find(std::string(fault.gate)), std::string::npos) << said(resumed);
    EXPECT_NE(resumed.err.find("upgrade application"), std::string::npos) << said(resumed);
  }
  EXPECT_EQ(applications_and_machines(), before);
}

TEST_F(InALab, a_deploy_that_stops_half_way_is_gone_on_with) {
  start({"deploy-stops-half-way"});
  const ProcessResult cut = gatehouse({"run", "--yes", "--until", "deploy"});
  EXPECT_EQ(cut.exit_code, 4) << said(cut);
  EXPECT_NE(cut.err.find("was done in part"), std::string::npos) << said(cut);
  const ProcessResult resumed = gatehouse({"resume", "--yes", "--until", "deploy"});
  EXPECT_EQ(resumed.exit_code, 0) << said(resumed);
  EXPECT_NE(resumed.err.find("--map-machines existing,1=0"), std::string::npos) << said(resumed);
  const ProcessResult status = gatehouse({"status", "--json"});
  EXPECT_EQ(status.exit_code, 1) << "its units are still on their way: " << said(status);
  const auto document = parse_json(status.out);
  ASSERT_TRUE(document) << said(status);
  const json::object* machines = find_object(*document, "machines");
  ASSERT_TRUE(machines);
  EXPECT_EQ(find_integer(*machines, "all"), 3) << "no machine was made twice";
}

TEST_F(InALab, a_model_deployed_by_hand_is_taken_over_and_settles) {
  start({});
  ASSERT_EQ(juju({"add-model", "small-cloud"}).exit_code, 0);
  ASSERT_EQ(juju({"deploy", "-m", "small-cloud", "./bundle.yaml"}).exit_code, 0);
  const ProcessResult adopted = gatehouse({"run", "--adopt", "--json"});
  EXPECT_EQ(adopted.exit_code, 0) << said(adopted);
  const auto report = parse_json(adopted.out);
  ASSERT_TRUE(report) << said(adopted);
  const json::object* about = find_object(*report, "about");
  ASSERT_TRUE(about);
  EXPECT_EQ(find_bool(*about, "adopted"), true);
  const json::object* built = find_object(*report, "as_built");
  ASSERT_TRUE(built);
  EXPECT_EQ(find_bool(*built, "adopted"), true);
}

TEST_F(InALab, nothing_is_taken_over_where_there_is_nothing) {
  start({});
  const ProcessResult adopted = gatehouse({"run", "--adopt"});
  EXPECT_EQ(adopted.exit_code, 1) << said(adopted);
  EXPECT_NE(adopted.err.find("nothing to adopt"), std::string::npos) << said(adopted);
}

TEST_F(InALab, a_watch_attaches_to_a_run_whose_terminal_is_lost) {
  start({});
  ASSERT_EQ(juju({"add-model", "small-cloud"}).exit_code, 0);
  ASSERT_EQ(juju({"deploy", "-m", "small-cloud", "./bundle.yaml"}).exit_code, 0);
  const std::string folder = home_.string();
  const auto child = processes_->start_detached({.argv = argv({"run", "--adopt"}),
                                                 .directory = folder,
                                                 .environment = environment_,
                                                 .out_file = folder + "/out",
                                                 .err_file = folder + "/err",
                                                 .exit_file = folder + "/exit",
                                                 .lock_file = folder + "/lock"});
  ASSERT_TRUE(child) << to_string(child.error());
  // It has the lock once it says that it watches; only then is there somebody to attach to.
  for (int look = 0; look < 600; ++look) {
    if (contents_of(folder + "/err").find("settle:") != std::string::npos) break;
    clock_->wait(std::chrono::milliseconds(100));
  }
  ASSERT_NE(contents_of(folder + "/err").find("settle:"), std::string::npos);
  ASSERT_EQ(::kill(child->pid, SIGHUP), 0);
  const ProcessResult watch = gatehouse({"watch"});
  EXPECT_EQ(watch.exit_code, 0) << said(watch);
  EXPECT_NE(watch.err.find("attached to run"), std::string::npos) << said(watch);
  EXPECT_NE(watch.out.find("holds"), std::string::npos) << said(watch);
}

TEST_F(InALab, a_model_that_nobody_declared_is_watched_by_what_it_has) {
  start({});
  ASSERT_EQ(juju({"add-model", "theirs"}).exit_code, 0);
  ASSERT_EQ(juju({"deploy", "-m", "theirs", "./bundle.yaml"}).exit_code, 0);
  environment_.erase("GATEHOUSE_SITE");
  const ProcessResult watch = gatehouse({"watch", "--model", "north:theirs"});
  EXPECT_EQ(watch.exit_code, 0) << said(watch);
  const ProcessResult status = gatehouse({"status", "--model", "north:theirs"});
  EXPECT_EQ(status.exit_code, 0) << said(status);
  EXPECT_NE(status.out.find("needs attention (0)"), std::string::npos) << said(status);
  const ProcessResult absent = gatehouse({"watch", "--model", "north:nobodys"});
  EXPECT_EQ(absent.exit_code, 3) << said(absent);
  EXPECT_EQ(gatehouse({"status", "--model", "north"}).exit_code, 2);
}

// A tool that repeats what it was handed, in an error: in plain, line by line, and in base64.
TEST_F(InALab, what_a_tool_repeats_of_a_secret_overlay_is_blanked_wherever_it_comes) {
  namespace fs = std::filesystem;
  const fs::path site = home_ / "site";
  const auto write = [&](const fs::path& path, std::string_view text, unsigned mode) {
    fs::create_directories(path.parent_path());
    ASSERT_TRUE(files_->create(path.string(), text, mode));
  };
  write(site / "overlays/secret.yaml",
        "applications:\n  keystone:\n    options:\n"
        "      admin-password: include-file://../keys/password\n"
        "  glance:\n    options:\n      region: inline-secret-2\n"
        "      api-config-flags: |\n        block-secret-3\n        block-secret-4\n",
        0600);
  write(site / "keys/password", "file-secret-1\n", 0644);
  std::string text = contents_of((site / "site.yaml").string());
  text =
      replace_all(text, "bundle: bundle.yaml\n",
                  "bundle: bundle.yaml\noverlays: [{file: overlays/secret.yaml, secret: true}]\n");
  ASSERT_NE(text.find("overlays/secret.yaml"), std::string::npos);
  ASSERT_TRUE(files_->write_atomic((site / "site.yaml").string(), text, 0644));
  start({});
  write(
      home_ / "wrapper/juju",
      "#!/bin/sh\ncase \"$*\" in\n"
      "*--dry-run*) ;;\n"
      "deploy*) echo 'ERROR got file-secret-1, inline-secret-2, block-secret-3 and block-secret-4,"
      " or " +
          base64_encode("(file-secret-1)") +
          "' >&2; exit 1;;\n"
          "esac\nexec " +
          (home_ / "lab/bin/juju").string() + " \"$@\"\n",
      0700);
  environment_["PATH"] = (home_ / "wrapper").string() + ":" + environment_["PATH"];
  const std::vector<std::string> secrets{"file-secret-1", "inline-secret-2", "block-secret-3",
                                         "block-secret-4"};
  EXPECT_EQ(gatehouse({"check", "--offline", "secret_overlay"}).exit_code, 1)
      << "the included file is open to others";
  ASSERT_TRUE(files_->write_atomic((site / "keys/password").string(), "file-secret-1\n", 0600));
  const ProcessResult run = gatehouse({"run", "--yes"});
  EXPECT_EQ(run.exit_code, 4) << said(run);
  EXPECT_NE(run.err.find("got (redacted), (redacted), (redacted) and (redacted)"),
            std::string::npos)
      << said(run);
  for (const char* format : {"text", "json", "html", "md", "junit"}) {
    EXPECT_EQ(gatehouse({"report", "--format", format}).exit_code, 0);
  }
  const std::string bundle = (home_ / "run.tar").string();
  const ProcessResult packed = gatehouse({"report", "--bundle", bundle});
  EXPECT_EQ(packed.exit_code, 0) << said(packed);
  EXPECT_NE(packed.out.find("left out: keys/password (secret)"), std::string::npos) << packed.out;
  EXPECT_EQ(contents_of(bundle).find("inputs/keys"), std::string::npos);
  EXPECT_EQ(simulation::find_secret(said_, secrets), "");
  for (const std::string& path : files_below(home_.string())) {
    const bool may_hold = path.ends_with("/secret.yaml") || path.ends_with("/keys/password") ||
                          path.ends_with("/wrapper/juju") || path.find("/lab/") != path.npos;
    if (!may_hold) {
      EXPECT_EQ(simulation::find_secret(contents_of(path), secrets), "") << "in " << path;
    }
  }
}

}  // namespace

}  // namespace gatehouse::scenarios
