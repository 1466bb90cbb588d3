#include "clients/juju/dry_run_text.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "base/text.h"
#include "clients/recordings.h"

namespace gatehouse::juju {
namespace {

constexpr const char* kWarnings =
    "WARNING These fields\n"
    " unmarshal document 0: yaml: unmarshal errors:\n"
    "  line 34: field name not found in type charm.bundleData\n"
    "  line 55: field variables not found in type charm.bundleData\n"
    "will be ignored during deployment\n"
    "\n"
    "Located charm \"vault\" in charm-hub, channel 1.8/stable\n";

TEST(DryRunText, SplitsChangesRemarksAndWarnings) {
  const auto run =
      decode_dry_run({.exit_code = 0,
                      .out = "Changes to deploy bundle:\n- upload charm vault from charm-hub\n"
                             "- add new machine 0 (bundle machine 8)\n",
                      .err = std::string(kWarnings) + "WARNING something else\n"},
                     "omega");
  ASSERT_TRUE(run) << to_string(run.error());
  EXPECT_EQ(run->changes, (std::vector<std::string>{"upload charm vault from charm-hub",
                                                    "add new machine 0 (bundle machine 8)"}));
  EXPECT_EQ(run->remarks, (std::vector<std::string>{
                              "line 34: field name not found in type charm.bundleData",
                              "line 55: field variables not found in type charm.bundleData"}));
  EXPECT_EQ(run->warnings, std::vector<std::string>{"something else"});
  EXPECT_EQ(run->refusal, "");
}

TEST(DryRunText, NothingToDoIsAnEmptyList) {
  const auto run =
      decode_dry_run({.exit_code = 0, .out = "", .err = "No changes to apply.\n"}, "omega");
  ASSERT_TRUE(run);
  EXPECT_TRUE(run->changes.empty());
}

TEST(DryRunText, ARefusalOfTheBundleIsAValueInJujusWords) {
  const auto run = decode_dry_run(
      {.exit_code = 1,
       .out = "",
       .err = "WARNING old\nERROR the provided bundle has the following errors:\nfirst\nsecond\n"},
      "omega");
  ASSERT_TRUE(run);
  EXPECT_EQ(run->refusal, "ERROR the provided bundle has the following errors:\nfirst\nsecond");
  EXPECT_TRUE(run->changes.empty());
}

TEST(DryRunText, AnUnusableControllerIsNoRefusal) {
  const std::pair<std::string, ErrorKind> cases[] = {
      {"ERROR cannot get discharge from x", ErrorKind::denied},
      {"ERROR unable to connect to API: connection refused", ErrorKind::unavailable},
      {"ERROR model omega:admin/openstack not found", ErrorKind::not_found},
      {"", ErrorKind::malformed},
  };
  for (const auto& [err, kind] : cases) {
    const auto run = decode_dry_run({.exit_code = 1, .out = "{}", .err = err}, "omega");
    ASSERT_FALSE(run) << err;
    EXPECT_EQ(run.error().kind, kind) << err;
  }
  EXPECT_EQ(decode_dry_run({.exit_code = 2, .err = "ERROR flag provided but not defined: --x"}, "o")
                .error()
                .kind,
            ErrorKind::invalid_input);
}

TEST(DryRunText, RefusesWhatIsOutsideTheGrammar) {
  for (const char* out : {"", "Executing changes:\n- add new machine 0\n", "- add new machine 0\n",
                          "Changes to deploy bundle:\nadd new machine 0\n"}) {
    EXPECT_FALSE(decode_dry_run({.exit_code = 0, .out = out}, "omega")) << out;
  }
}

/// What the recorded plan of a case says in words.
std::vector<std::string> described(const std::filesystem::path& plan) {
  std::vector<std::string> lines;
  const auto document = parse_json(recordings::read_file(plan));
  for (const json::value& change : *find_array(*document, "changes")) {
    for (const json::value& line : *find_array(change, "description")) {
      lines.emplace_back(line.as_string());
    }
  }
  return lines;
}

TEST(DryRunText, EveryDryRunOfTheCorpusIsReadWhole) {
  const auto corpus = recordings::shared("corpus/bundles");
  if (!corpus) return;
  std::size_t plans = 0;
  std::size_t refusals = 0;
  for (const auto& entry : std::filesystem::directory_iterator(*corpus)) {
    const auto& folder = entry.path();
    if (std::filesystem::exists(folder / "dryrun.txt")) {
      const std::string err = std::filesystem::exists(folder / "stderr.txt")
                                  ? recordings::read_file(folder / "stderr.txt")
                                  : "";
      const std::string out = recordings::read_file(folder / "dryrun.txt");
      const auto run = decode_dry_run({.exit_code = 0, .out = out, .err = err}, "omega");
      ASSERT_TRUE(run) << folder << to_string(run.error());
      EXPECT_EQ(run->changes, described(folder / "plan.json")) << folder;
      std::size_t fields = 0;
      for (const auto line : lines_of(err)) fields += trim(line).starts_with("line ") ? 1U : 0U;
      EXPECT_EQ(run->remarks.size(), fields) << folder;
      ++plans;
    } else if (std::filesystem::exists(folder / "error.txt")) {
      const std::string err = recordings::read_file(folder / "error.txt");
      const auto run = decode_dry_run({.exit_code = 1, .out = "", .err = err}, "omega");
      ASSERT_TRUE(run) << folder << to_string(run.error());
      EXPECT_TRUE(run->refusal.starts_with("ERROR")) << folder;
      ++refusals;
    }
  }
  EXPECT_GE(plans, 200U);
  EXPECT_GE(refusals, 100U);
}

}  // namespace
}  // namespace gatehouse::juju
