// `gatehouse settled --status FILE`: every kind of file that somebody may have kept of `juju
// status` is judged, or named as what it is.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/json.h"
#include "base/text.h"
#include "effects/posix/posix.h"

namespace gatehouse {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr std::string_view kSite = R"(gatehouse: 1
site: small
bundle: bundle.yaml
state: state
juju: {controller: c, model: m}
maas: {profile: p}
planes: {metal: {cidr: 10.0.0.0/24}}
machines: {node0: {}}
settled:
  expect:
    vault: {workload: blocked, message: Vault needs to be initialized}
)";

constexpr std::string_view kBundle = R"(default-base: ubuntu@22.04/stable
machines: {"0": {}}
applications:
  vault: {charm: vault, channel: 1.8/stable, num_units: 1, to: ["0"]}
)";

// The status of that bundle, with the workload and the message of its one unit.
std::string status_of(const std::string& workload, const std::string& message) {
  return R"({"model": {"name": "m"}, "machines": {"0": {"juju-status": {"current": "started"}}},
    "applications": {"vault": {"charm": "vault", "units": {"vault/0": {"machine": "0",
      "juju-status": {"current": "idle"}, "workload-status": {"current": ")" +
         workload + R"(", "message": ")" + message + R"("}}}}}})";
}

class SettledCommand : public testing::Test {
 protected:
  SettledCommand()
      : folder_(fs::path(GATEHOUSE_BINARY_DIR) / "settled-tests" / std::to_string(::getpid())) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    write("site.yaml", kSite);
    write("bundle.yaml", kBundle);
  }
  ~SettledCommand() override { fs::remove_all(folder_); }

  void write(const std::string& name, std::string_view text) const {
    std::ofstream(folder_ / name) << text;
  }

  ProcessResult judge_file(const fs::path& file) {
    Command command;
    command.argv = {GATEHOUSE_BINARY_DIR "/gatehouse", "settled", "--json", "--status",
                    file.string()};
    command.directory = folder_.string();
    command.environment = {{"HOME", folder_.string()}, {"NO_COLOR", "1"}};
    const auto result = run_one(*processes_, command);
    EXPECT_TRUE(result) << (result ? "" : to_string(result.error()));
    return result ? *result : ProcessResult{};
  }
  ProcessResult judge_text(std::string_view text) {
    write("status.json", text);
    return judge_file(folder_ / "status.json");
  }

  fs::path folder_;
  std::unique_ptr<Clock> clock_ = posix::make_clock(std::nullopt);
  std::unique_ptr<ProcessRunner> processes_ = posix::make_process_runner(*clock_);
};

TEST_F(SettledCommand, holds_where_vault_waits_for_its_initialisation) {
  const ProcessResult result = judge_text(status_of("blocked", "Vault needs to be initialized"));
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
  const auto document = parse_json(result.out);
  ASSERT_TRUE(document);
  const json::value& expected = document->at("not_yet").at("expected").at(0);
  EXPECT_EQ(string_or_empty(expected, "words"),
            "vault/0 is blocked \"Vault needs to be initialized\": expected");
}

TEST_F(SettledCommand, fails_where_vault_is_active_or_says_something_else) {
  for (const auto& [workload, message] :
       {std::pair{"active", "Unit is ready"}, std::pair{"blocked", "Unit is sealed"}}) {
    const ProcessResult result = judge_text(status_of(workload, message));
    EXPECT_EQ(result.exit_code, 1) << message;
    const auto document = parse_json(result.out);
    ASSERT_TRUE(document);
    EXPECT_EQ(find_array(document->at("not_yet"), "holding_up")->size(), 1U);
  }
}

TEST_F(SettledCommand, tells_what_is_absent_and_what_is_too_much) {
  const auto document =
      parse_json(judge_text(replace_all(status_of("active", ""), "\"vault", "\"legacy")).out);
  ASSERT_TRUE(document);
  EXPECT_EQ(json::serialize(document->at("not_yet").at("absent")), R"(["vault"])");
  EXPECT_EQ(json::serialize(document->at("not_yet").at("unexpected")), R"(["legacy"])");
}

TEST_F(SettledCommand, reads_the_same_document_as_yaml) {
  const ProcessResult result = judge_text(R"(model: {name: m}
machines:
  "0": {juju-status: {current: started}}
applications:
  vault:
    charm: vault
    units:
      vault/0:
        machine: "0"
        juju-status: {current: idle}
        workload-status: {current: blocked, message: Vault needs to be initialized}
)");
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
}

TEST_F(SettledCommand, says_of_what_is_no_status_what_it_is) {
  const ProcessResult failed = judge_text("{}\nERROR model c:admin/m not found\n");
  EXPECT_EQ(failed.exit_code, 3);
  EXPECT_THAT(failed.err, HasSubstr("model c:admin/m not found"));
  EXPECT_EQ(failed.out, "");
  const ProcessResult table = judge_text("Model  Controller\nm      c\n");
  EXPECT_EQ(table.exit_code, 2);
  EXPECT_THAT(table.err, HasSubstr("juju status --format json"));
  for (const char* text : {"", "nonsense", "[1]", "{\"machines\": {}}", "{\"model\": ", "a: [b"}) {
    EXPECT_EQ(judge_text(text).exit_code, 2) << text;
  }
  EXPECT_EQ(judge_file(folder_ / "none.json").exit_code, 2);
}

TEST_F(SettledCommand, every_recording_is_judged_or_named) {
  const fs::path recordings =
      fs::path(GATEHOUSE_SOURCE_DIR) / ".." / "shared" / "recorded" / "juju";
  if (!fs::is_directory(recordings)) {
    if (std::getenv("CI") != nullptr) ADD_FAILURE() << recordings << " is absent";
    GTEST_SKIP() << recordings << " is absent: nothing compared";
  }
  std::size_t judged = 0;
  for (const auto& entry : fs::directory_iterator(recordings)) {
    const std::string extension = entry.path().extension();
    if (extension != ".json" && extension != ".yaml" && extension != ".txt") continue;
    const ProcessResult result = judge_file(entry.path());
    const bool is_document = extension != ".txt";
    const bool is_failed_call =
        entry.path().filename().string().find("error-") != std::string::npos;
    // None of these models is the site's, so none can hold.
    EXPECT_TRUE(is_document ? result.exit_code == 1
                            : result.exit_code == 2 || result.exit_code == 3)
        << entry.path() << " " << result.exit_code << result.err;
    if (is_failed_call && !is_document) {
      EXPECT_EQ(result.exit_code, 3) << entry.path();
    }
    if (is_document) {
      EXPECT_TRUE(parse_json(result.out)) << entry.path();
    }
    ++judged;
  }
  EXPECT_GE(judged, 40U);
}

}  // namespace
}  // namespace gatehouse
