// What the writer makes is SARIF 2.1.0: validated against the schema of the standard
// (tests/fixtures/sarif), by Debian's python3-jsonschema.
#include <filesystem>
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/text.h"
#include "effects/posix/posix.h"
#include "output/result_test_support.h"
#include "output/write.h"

namespace gatehouse {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class SarifSchema : public testing::Test {
 protected:
  ~SarifSchema() override { fs::remove(file_); }

  ProcessResult validate(const std::string& document) {
    std::ofstream(file_) << document;
    const std::string tests = GATEHOUSE_SOURCE_DIR "/tests/";
    Command command;
    command.argv = {"/usr/bin/python3", tests + "validate_json.py",
                    tests + "fixtures/sarif/sarif-2.1.0.schema.json", file_.string()};
    const auto result = run_one(*processes_, command);
    EXPECT_TRUE(result) << (result ? "" : to_string(result.error()));
    return result ? *result : ProcessResult{};
  }

  fs::path file_ =
      fs::path(GATEHOUSE_BINARY_DIR) / ("sarif-" + std::to_string(::getpid()) + ".json");
  std::unique_ptr<Clock> clock_ = posix::make_clock(std::nullopt);
  std::unique_ptr<ProcessRunner> processes_ = posix::make_process_runner(*clock_);
};

TEST_F(SarifSchema, allows_a_result_with_everything_in_it_and_one_with_nothing) {
  const ResultSources sources;
  for (const CommandResult& result : {full_result(sources), CommandResult{}}) {
    const ProcessResult validated = validate(write_sarif(result));
    EXPECT_EQ(validated.exit_code, 0) << validated.out << validated.err;
  }
}

TEST_F(SarifSchema, refuses_a_foreign_property_and_a_line_before_the_first) {
  const ResultSources sources;
  const std::string good = write_sarif(full_result(sources));
  const ProcessResult foreign = validate(replace_all(good, "\"ruleIndex\"", "\"ruleNumber\""));
  EXPECT_EQ(foreign.exit_code, 1);
  EXPECT_THAT(foreign.out, HasSubstr("'ruleNumber' was unexpected"));
  const ProcessResult early = validate(replace_all(good, "\"startLine\": 2", "\"startLine\": 0"));
  EXPECT_EQ(early.exit_code, 1) << early.out;
}

}  // namespace
}  // namespace gatehouse
