// The simulation in CI: some seeds, one seed twice, the plug pulled at every boundary, and the
// simulated shell. Longer: script/dev sim, script/dev nightly.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "tests/simulation/history.h"
#include "tests/simulation/shell.h"
#include "tests/simulation/world.h"

namespace gatehouse::simulation {

namespace {

using testing::HasSubstr;

std::string told(const History& history) {
  return join(history.violations, "\n") + "\nscript: " + history.script;
}

class EachSite : public testing::TestWithParam<const char*> {};

TEST_P(EachSite, a_calm_seed_ends_well) {
  const History history = play({.site = GetParam(), .seed = 1, .is_calm = true});
  EXPECT_EQ(history.exit_code(), 0) << (history.sessions.empty() ? "" : history.sessions[0].err);
  EXPECT_TRUE(history.violations.empty()) << told(history);
  EXPECT_GT(history.rows.size(), 40U);
}

TEST_P(EachSite, one_seed_gives_the_same_bytes_twice) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    const History once = play({.site = GetParam(), .seed = seed});
    const History again = play({.site = GetParam(), .seed = seed});
    EXPECT_EQ(once.transcript, again.transcript) << "seed " << seed;
    EXPECT_FALSE(once.transcript.empty());
  }
}

TEST_P(EachSite, seeds_hold) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const History history = play({.site = GetParam(), .seed = seed});
    EXPECT_TRUE(history.violations.empty())
        << "script/dev replay " << seed << " --site " << GetParam() << "\n"
        << told(history);
  }
}

// A status that lists units late was taken for a deploy that is to be gone on with; a deploy that
// stopped half way ended well when it was; a slow look between the guards and the effect made the
// guards old.
TEST(SeedsOnceWrong, hold) {
  using SiteSeed = std::pair<const char*, std::uint64_t>;
  for (const auto& [site, seed] : {SiteSeed{"second", 142},
                                   {"second", 392},
                                   {"second", 694},
                                   {"omega", 353},
                                   {"omega", 187}}) {
    const History history = play({.site = site, .seed = seed});
    EXPECT_THAT(history.violations, testing::IsEmpty())
        << "script/dev replay " << seed << " --site " << site << "\n"
        << history.script;
  }
}

// Killed before and after every commit and every effect, started again, finished.
TEST_P(EachSite, killed_at_any_boundary_it_comes_to_the_same_end) {
  const Script calm{.site = GetParam(), .seed = 7, .is_calm = true};
  const History whole = play(calm);
  ASSERT_EQ(whole.exit_code(), 0);
  ASSERT_GT(whole.boundaries.size(), 100U);
  const std::set<std::string> rulings = exit_rulings(whole.report);
  // Every boundary of the smaller site; of the larger one a sample that differs in nothing but
  // size.
  const std::size_t step = std::string_view(GetParam()) == "second" ? 1 : 9;
  for (std::size_t at = 1; at <= whole.boundaries.size(); at += step) {
    Script script = calm;
    script.pulled_at = at;
    const History history = play(script);
    const std::string where = "killed " + whole.boundaries[at - 1].what;
    EXPECT_TRUE(history.sessions.front().was_killed) << where;
    EXPECT_EQ(history.exit_code(), 0) << where << "\n" << history.sessions.back().err;
    EXPECT_TRUE(history.violations.empty()) << where << "\n" << told(history);
    EXPECT_EQ(exit_rulings(history.report), rulings) << where;
    // What was recorded before the kill is there, byte for byte.
    const std::size_t kept = history.sessions.empty() ? 0 : (at - 1) / 2;
    for (std::size_t row = 0; row + 2 < kept && row < history.rows.size(); ++row) {
      ASSERT_EQ(to_json_line(history.rows[row]), to_json_line(whole.rows[row])) << where;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(of_the_repository, EachSite, testing::Values("second", "omega"),
                         [](const auto& site) { return std::string(site.param); });

SessionEnd report(World& world, std::string format, std::string bundle = {}) {
  SessionRequest request;
  request.verb = SessionRequest::Verb::report;
  request.format = std::move(format);
  request.bundle = std::move(bundle);
  Plug plug;
  return run_session(world, request, plug);
}

TEST(SimulatedReports, every_form_of_a_run_and_its_bundle_hold_no_secret) {
  World world({.site = "omega", .seed = 1, .faults = {}, .days_later = 0});
  ASSERT_EQ(world.trouble(), "");
  SessionRequest run;
  run.until = "pre-deploy";
  Plug plug;
  ASSERT_EQ(run_session(world, run, plug).exit_code, 0);
  ASSERT_GE(world.secrets().size(), 5U);
  for (const char* format : {"text", "json", "md", "html", "junit"}) {
    const SessionEnd told = report(world, format);
    EXPECT_EQ(told.exit_code, 0) << format << told.err;
    EXPECT_GT(told.out.size(), 500U) << format;
    EXPECT_EQ(find_secret(told.out, world.secrets()), "") << format;
  }
  const std::string path = World::home() + "/run.tar";
  const SessionEnd bundled = report(world, "", path);
  EXPECT_EQ(bundled.exit_code, 0) << bundled.err;
  const auto archive = world.disk().read(path, std::size_t{64} << 20);
  ASSERT_TRUE(archive);
  for (const char* name : {"/report.html", "/report.junit.xml", "/journal.jsonl",
                           "/inputs/bundle.yaml", "/inputs/site.yaml"}) {
    EXPECT_THAT(*archive, HasSubstr(name));
  }
  EXPECT_EQ(archive->find("/inputs/overlays/"), std::string::npos) << "the secret overlay";
  EXPECT_EQ(find_secret(*archive, world.secrets()), "");
  EXPECT_EQ(world.disk().info(path)->mode, 0600U);
  EXPECT_EQ(report(world, "", path).exit_code, 2) << "a file that is there is kept";
}

// A controller that is busy with what it was just given: its answer is waited for, and told.
TEST(SimulatedRun, looks_again_where_the_controller_does_not_answer_after_the_deploy) {
  World world({.site = "second", .seed = 1, .faults = {"controller-busy"}, .days_later = 0});
  ASSERT_EQ(world.trouble(), "");
  SessionRequest run;
  run.until = "deploy";
  Plug plug;
  const SessionEnd end = run_session(world, run, plug);
  EXPECT_EQ(end.exit_code, 0) << end.err;
  const auto asked_again = end.err.find("landed   unknown, and is asked again");
  EXPECT_NE(asked_again, std::string::npos) << end.err;
  EXPECT_NE(end.err.find("landed   whole", asked_again), std::string::npos) << end.err;
}

// A checker that cannot fail checks nothing.
TEST(Simulation, finds_a_secret_in_each_of_its_forms) {
  const std::vector<std::string> secrets{"s3cr3t/+value"};
  EXPECT_EQ(find_secret("nothing here", secrets), "");
  EXPECT_THAT(find_secret("a s3cr3t/+value b", secrets), HasSubstr("plain"));
  EXPECT_THAT(find_secret("a " + base64_encode(secrets[0]), secrets), HasSubstr("base64"));
  EXPECT_THAT(find_secret("7333637233742f2b76616c7565", secrets), HasSubstr("hexadecimal"));
  EXPECT_THAT(find_secret("x=s3cr3t%2F%2Bvalue", secrets), HasSubstr("URL"));
}

TEST(Simulation, a_broken_lab_never_ends_well) {
  for (const char* fault : {"unit-hook-error", "model-exists", "nic-unlinked"}) {
    const History history = play({.site = "omega", .seed = 3, .is_calm = true, .fault = fault});
    EXPECT_NE(history.exit_code(), 0) << fault;
    EXPECT_EQ(history.fault, fault) << "the fault was not put in";
    EXPECT_TRUE(history.violations.empty()) << told(history);
  }
}

ProcessResult shell(const std::string& words) {
  return run_shell(words, {}, [](const std::vector<std::string>& argv, const auto&) {
    const bool fails = argv.front() == "fails";
    return ProcessResult{.exit_code = fails ? 3 : 0,
                         .out = "[" + join(argv, "|") + "]",
                         .err = "said",
                         .elapsed = {}};
  });
}

TEST(SimulatedShell, runs_what_the_probes_need) {
  EXPECT_EQ(shell("echo 'a b' c").out, "a b c\n");
  EXPECT_EQ(shell("fails x; echo \"exit $?\"").out, "[fails|x]exit 3\n");
  EXPECT_EQ(shell("if works >/dev/null 2>&1; then echo yes; else echo no; fi").out, "yes\n");
  EXPECT_EQ(shell("if fails >/dev/null 2>&1; then echo yes; else echo no; fi").out, "no\n");
  EXPECT_EQ(shell("fails 2>/dev/null || works || true").out, "[fails][works]");
  EXPECT_EQ(shell("works && fails; true").exit_code, 0);
  EXPECT_EQ(shell("LC_ALL=C works 2>&1").out, "[works]said");
  EXPECT_EQ(shell("for f in a 'b c'; do if works >/dev/null; then echo \"has $f\"; fi; done").out,
            "has a\nhas b c\n");
  EXPECT_EQ(shell("false && for f in a; do echo $f; done; echo end").out, "end\n");
}

TEST(SimulatedShell, says_what_it_does_not_know) {
  for (const char* words : {"a | b", "x=$(y)", "cat <f", "echo $HOME", "if a; echo"}) {
    EXPECT_EQ(shell(words).exit_code, 2) << words;
    EXPECT_THAT(shell(words).err, HasSubstr("does not know")) << words;
  }
}

}  // namespace

}  // namespace gatehouse::simulation
