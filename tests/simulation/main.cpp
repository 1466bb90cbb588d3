// The simulation as a program: many seeds, or one again. `script/dev sim` and `script/dev replay`.
#include <cstdio>
#include <ctime>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "base/digest.h"
#include "phases/phase.h"
#include "tests/simulation/history.h"

namespace {

using namespace gatehouse::simulation;

void say(const std::string& text) {
  std::fputs(text.c_str(), stdout);
  std::fflush(stdout);
}

double processor_seconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

bool tell(const Script& script, const History& history) {
  for (const std::string& violation : history.violations) {
    say(fmt::format("seed {} on {}: {}\n", script.seed, script.site, violation));
  }
  if (history.violations.empty()) return true;
  say(fmt::format("  script: {}\n  replay: script/dev replay {} --site {}{}\n", history.script,
                  script.seed, script.site,
                  script.until.empty() ? "" : " --until " + script.until));
  return false;
}

int replay(const Script& script) {
  const History history = play(script);
  const History again = play(script);
  for (const auto& session : history.sessions) {
    say(fmt::format("--- session, exit {}{}\n{}{}", session.exit_code,
                    session.was_killed ? ", killed" : "", session.err, session.out));
  }
  say(fmt::format("seed {} on {}: {}\n  {} rows, transcript SHA-256 {}\n", script.seed, script.site,
                  history.script, history.rows.size(), gatehouse::sha256_hex(history.transcript)));
  const bool is_same = history.transcript == again.transcript;
  if (!is_same) say("  the same seed gave another transcript the second time\n");
  return tell(script, history) && is_same ? 0 : 1;
}

int run_seeds(Script script, std::uint64_t count) {
  constexpr std::uint64_t kTwiceEach = 16;
  std::uint64_t wrong = 0;
  std::size_t rows = 0;
  const double began = processor_seconds();
  for (std::uint64_t i = 0; i < count; ++i, ++script.seed) {
    const History history = play(script);
    rows += history.rows.size();
    bool holds = tell(script, history);
    if (i % kTwiceEach == 0 && play(script).transcript != history.transcript) {
      say(fmt::format("seed {} on {}: not the same twice\n", script.seed, script.site));
      holds = false;
    }
    if (!holds) ++wrong;
  }
  const double took = processor_seconds() - began;
  const double played = static_cast<double>(count + (count + kTwiceEach - 1) / kTwiceEach);
  say(
      fmt::format("{} seeds on {}, {} with a violation, {} rows; {:.1f} seeds a second of one "
                  "processor\n",
                  count, script.site, wrong, rows, played / took));
  return wrong == 0 ? 0 : 1;
}

std::vector<std::string> step_ids() {
  std::vector<std::string> ids;
  for (const gatehouse::Step& step : gatehouse::all_phases().front()->steps) {
    ids.emplace_back(step.id);
  }
  return ids;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Whole runs under virtual time, each from one seed.", "gatehouse-simulate");
  Script script;
  std::uint64_t seeds = 100;
  std::optional<std::uint64_t> replayed;
  app.add_option("--site", script.site, "omega or second")
      ->check(CLI::IsMember({"omega", "second"}));
  app.add_option("--seeds", seeds, "How many");
  app.add_option("--first", script.seed, "The first of them");
  app.add_option("--until", script.until, "The last step of a run")
      ->check(CLI::IsMember(step_ids()));
  app.add_option("--replay", replayed, "One seed again, with all that it says");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  if (!replayed) return run_seeds(script, seeds);
  script.seed = *replayed;
  return replay(script);
}
