// The lab as a process of its own: it comes up on loopback, answers, and is gone after `down`.
#include <filesystem>

#include <gtest/gtest.h>
#include <unistd.h>

#include "effects/posix/posix.h"
#include "sim/lab.h"

namespace gatehouse {
namespace {

class RunningLab : public testing::Test {
 protected:
  RunningLab()
      : folder_(std::filesystem::path(GATEHOUSE_BINARY_DIR) / "lab-tests" /
                ("up-" + std::to_string(::getpid()))) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_.parent_path());
  }
  ~RunningLab() override {
    (void)sim::stop_lab(folder_.string(), effects_);
    std::filesystem::remove_all(folder_);
  }
  Result<sim::LabHandle> start(std::vector<std::string> faults) {
    sim::LabRequest request;
    request.site_file = GATEHOUSE_SOURCE_DIR "/sites/omega/site.yaml";
    request.faults = std::move(faults);
    request.folder = folder_.string();
    request.program = GATEHOUSE_BINARY_DIR "/gatehouse-lab";
    return sim::start_lab(request, effects_);
  }
  Result<HttpResponse> get(const std::string& url) {
    HttpRequest request;
    request.url = url;
    auto answers = http_->send(std::span<const HttpRequest>(&request, 1));
    return std::move(answers.front());
  }

  std::filesystem::path folder_;
  std::unique_ptr<Clock> clock_ = posix::make_clock(std::nullopt);
  std::unique_ptr<HttpTransport> http_ = posix::make_http_transport(*clock_);
  std::unique_ptr<ProcessRunner> processes_ = posix::make_process_runner(*clock_);
  std::unique_ptr<FileStore> files_ = posix::make_file_store();
  std::unique_ptr<Entropy> entropy_ = posix::make_entropy();
  Effects effects_{*http_, *processes_, *files_, *clock_, *entropy_};
};

TEST_F(RunningLab, answers_until_it_is_ended) {
  const Result<sim::LabHandle> lab = start({});
  ASSERT_TRUE(lab) << to_string(lab.error());
  const std::string url = lab->assignments.at("GATEHOUSE_MAAS_URL") + "/api/2.0/version/";
  const Result<HttpResponse> answer = get(url);
  ASSERT_TRUE(answer) << to_string(answer.error());
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->header("X-Maas-Lab"), "LAB");
  const Result<HttpResponse> refused =
      get(lab->assignments.at("GATEHOUSE_MAAS_URL") + "/api/2.0/subnets/6/");
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 401);
  ASSERT_TRUE(sim::stop_lab(folder_.string(), effects_));
  const Result<HttpResponse> gone = get(url);
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().kind, ErrorKind::unavailable);
}

TEST_F(RunningLab, its_programs_run_from_its_path) {
  const Result<sim::LabHandle> lab = start({});
  ASSERT_TRUE(lab) << to_string(lab.error());
  Command command;
  command.argv = {"juju", "version"};
  command.environment = lab->assignments;
  const Result<ProcessResult> said = run_one(*processes_, command);
  ASSERT_TRUE(said) << to_string(said.error());
  EXPECT_EQ(said->out, "3.6.28-genericlinux-amd64\n");
}

TEST_F(RunningLab, keeps_its_key_to_its_owner) {
  const Result<sim::LabHandle> lab = start({});
  ASSERT_TRUE(lab) << to_string(lab.error());
  const Result<FileInfo> key = files_->info(lab->assignments.at("GATEHOUSE_MAAS_KEY_FILE"));
  ASSERT_TRUE(key);
  EXPECT_EQ(key->mode, 0600U);
  const Result<FileInfo> folder = files_->info(folder_.string());
  ASSERT_TRUE(folder);
  EXPECT_EQ(folder->mode, 0700U);
}

TEST_F(RunningLab, one_folder_holds_one_lab) {
  ASSERT_TRUE(start({}));
  const Result<sim::LabHandle> second = start({});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::conflict);
}

TEST_F(RunningLab, an_unknown_fault_starts_nothing) {
  const Result<sim::LabHandle> lab = start({"no-such-fault"});
  ASSERT_FALSE(lab);
  EXPECT_EQ(lab.error().kind, ErrorKind::invalid_input);
  EXPECT_FALSE(std::filesystem::exists(folder_));
}

}  // namespace
}  // namespace gatehouse
