// The program itself: each command that judges prints one document in each format, with the same
// exit code; `explain` finds its pages; nothing of a secret overlay comes out.
#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/json.h"
#include "effects/posix/posix.h"

namespace gatehouse {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr std::string_view kHidden = "hunter2hunter2";

class Program : public testing::Test {
 protected:
  Program()
      : folder_(fs::path(GATEHOUSE_BINARY_DIR) / "output-tests" / std::to_string(::getpid())) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    write("bundle.yaml", "applications:\n  mysql:\n    charm: ch:mysql\n    num_units: -1\n");
    write("secret.yaml", "applications:\n  mysql:\n    num_units: \"hunter2hunter2\"\n");
    fs::permissions(folder_ / "secret.yaml", fs::perms::owner_read | fs::perms::owner_write);
  }
  ~Program() override { fs::remove_all(folder_); }

  void write(const std::string& name, std::string_view text) const {
    std::ofstream(folder_ / name) << text;
  }

  ProcessResult run(std::vector<std::string> arguments) {
    return run_in({{"HOME", folder_.string()}, {"NO_COLOR", "1"}}, std::move(arguments));
  }

  ProcessResult run_in(std::map<std::string, std::string> environment,
                       std::vector<std::string> arguments) {
    Command command;
    command.argv = {GATEHOUSE_BINARY_DIR "/gatehouse"};
    command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
    command.directory = folder_.string();
    command.environment = std::move(environment);
    const auto result = run_one(*processes_, command);
    EXPECT_TRUE(result) << (result ? "" : to_string(result.error()));
    return result ? *result : ProcessResult{};
  }

  // The exit code, which must be the same in every format, and what each of them looks like.
  int judge_in_each_format(const std::vector<std::string>& command) {
    const auto in = [&](const std::string& format) {
      std::vector<std::string> arguments = command;
      arguments.insert(arguments.end(), {"--format", format});
      return run(arguments);
    };
    const ProcessResult text = in("text"), as_json = in("json"), sarif = in("sarif"),
                        junit = in("junit");
    EXPECT_EQ(as_json.exit_code, text.exit_code);
    EXPECT_EQ(sarif.exit_code, text.exit_code);
    EXPECT_EQ(junit.exit_code, text.exit_code);
    const auto document = parse_json(as_json.out);
    EXPECT_TRUE(document && find_array(*document, "findings")) << as_json.out;
    const auto log = parse_json(sarif.out);
    EXPECT_TRUE(log && find_string(*log, "version") == "2.1.0") << sarif.out;
    EXPECT_THAT(junit.out, StartsWith("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites "));
    for (const ProcessResult* result : {&text, &as_json, &sarif, &junit}) {
      EXPECT_THAT(result->out + result->err, Not(HasSubstr(kHidden)));
    }
    return text.exit_code;
  }

  fs::path folder_;
  std::unique_ptr<Clock> clock_ = posix::make_clock(std::nullopt);
  std::unique_ptr<ProcessRunner> processes_ = posix::make_process_runner(*clock_);
};

TEST_F(Program, judges_a_bundle_in_each_format_with_the_same_exit_code) {
  EXPECT_EQ(judge_in_each_format({"bundle", "check", "bundle.yaml"}), 1);
  EXPECT_EQ(judge_in_each_format({"bundle", "check", "absent.yaml"}), 2);
}

TEST_F(Program, shows_nothing_of_a_secret_overlay) {
  judge_in_each_format({"bundle", "check", "bundle.yaml", "--overlay", "secret.yaml"});
  EXPECT_EQ(judge_in_each_format({"pki", "verify", "secret.yaml", "--application", "mysql"}), 1);
}

TEST_F(Program, judges_a_site_and_its_gates_in_each_format_with_the_same_exit_code) {
  const std::string site = GATEHOUSE_SOURCE_DIR "/sites/omega/site.yaml";
  EXPECT_EQ(judge_in_each_format({"site", "check", "--site", site}), 0);
  judge_in_each_format({"check", "plan_counts", "--offline", "--site", site});
}

TEST_F(Program, draws_the_place_in_the_text) {
  EXPECT_THAT(run({"bundle", "check", "bundle.yaml"}).out,
              HasSubstr("    4 |     num_units: -1\n      |                ^~\n"));
}

TEST_F(Program, takes_format_json_on_every_command_and_refuses_what_a_command_cannot_print) {
  EXPECT_TRUE(parse_json(run({"gates", "list", "--format", "json"}).out));
  EXPECT_EQ(run({"gates", "list", "--format", "sarif"}).exit_code, 2);
  EXPECT_EQ(run({"bundle", "check", "bundle.yaml", "--format", "xml"}).exit_code, 2);
}

TEST_F(Program, names_the_commands_where_one_is_wanted) {
  const ProcessResult unknown = run({"journal", "lsit"});
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("gatehouse journal lsit: no such command; there are list,"));
  const ProcessResult none = run({});
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_THAT(none.err, HasSubstr("gatehouse wants a command; there are bundle,"));
  EXPECT_THAT(run({"pki", "verify", "a", "b"}).err, HasSubstr("not expected: b"));
  EXPECT_THAT(run({"journal", "--site"}).err, HasSubstr("--site"));
}

TEST_F(Program, records_nothing_where_it_has_no_place) {
  const ProcessResult watch = run_in({{"HOME", ""}}, {"watch", "--model", "a:b"});
  EXPECT_EQ(watch.exit_code, 2);
  EXPECT_THAT(watch.err, HasSubstr("HOME is not set"));
}

TEST_F(Program, explains_a_code_a_gate_and_suggests_the_nearest) {
  EXPECT_THAT(run({"explain", "expired"}).out, StartsWith("# expired\n\n"));
  EXPECT_THAT(run({"explain", "bundle/units"}).out, StartsWith("# bundle/units\n\n"));
  const ProcessResult gate = run({"explain", "vip_policy"});
  EXPECT_EQ(gate.exit_code, 0);
  EXPECT_THAT(gate.out, StartsWith("vip_policy\n"));
  EXPECT_THAT(gate.err, HasSubstr("gatehouse gates explain vip_policy"));
  const ProcessResult slip = run({"explain", "bundle/unit"});
  EXPECT_EQ(slip.exit_code, 2);
  EXPECT_THAT(slip.err, HasSubstr("did you mean bundle/units?"));
  const auto list = parse_json(run({"explain", "--list", "--json"}).out);
  ASSERT_TRUE(list);
  EXPECT_GT(find_array(*list, "codes")->size(), 120U);
}

}  // namespace
}  // namespace gatehouse
