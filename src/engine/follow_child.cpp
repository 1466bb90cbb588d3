// Following a child that outlives us: its output into the journal as it comes, a notice where it
// makes no progress, and what its end means. It is never killed.
#include <fmt/format.h>

#include "base/text.h"
#include "engine/child_output.h"
#include "engine/phase_run.h"

namespace gatehouse {

namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::size_t kOutputShownMax = 4000;
constexpr std::size_t kOutputReadMax = std::size_t{8} << 20;
constexpr std::size_t kOutputKeptMax = std::size_t{256} << 20;
constexpr std::size_t kLinesOfOneEventMax = 500;
constexpr Milliseconds kLook = seconds(1);
// A charm store was seen to need minutes for one answer; longer silence is worth a word.
constexpr Milliseconds kQuietNotice = minutes(5);

std::string tail_of(FileStore& files, const std::string& path) {
  const auto text = files.read(path, kOutputReadMax);
  if (!text) return {};
  std::string_view tail = *text;
  if (tail.size() > kOutputShownMax) tail.remove_prefix(tail.size() - kOutputShownMax);
  std::string shown;
  for (const std::string_view line : lines_of(tail)) shown += printable(line) + "\n";
  return shown;
}

/// Tells once after so long without a word, and again each time that the silence has doubled.
class QuietNotice {
 public:
  explicit QuietNotice(Milliseconds now) : since_(now) {}
  void heard(Milliseconds now) {
    since_ = now;
    next_ = kQuietNotice;
  }
  /// For how long it has been quiet, where that is to be told now.
  std::optional<Milliseconds> due(Milliseconds now) {
    const Milliseconds quiet = now - since_;
    if (quiet < next_) return std::nullopt;
    while (next_ <= quiet) next_ *= 2;
    return quiet;
  }

 private:
  Milliseconds since_;
  Milliseconds next_ = kQuietNotice;
};

}  // namespace

// What the child left on the disk outlives the run: it keeps no secret either.
Result<void> PhaseRun::redact_output(const std::string& path) {
  if (!request_.redactor || request_.redactor->empty()) return {};
  const auto text = effects_.files.read(path, kOutputKeptMax);
  if (!text) return {};
  const std::string redacted = request_.redactor->redacted(*text);
  if (redacted == *text) return {};
  return effects_.files.write_atomic(path, redacted, 0600);
}

Result<RunOutcome> PhaseRun::follow_child(const Step& step, const ChildId& child,
                                          const Begun& begun) {
  const std::string& folder = begun.folder;
  ChildOutput out(effects_.files, folder + "/stdout");
  ChildOutput err(effects_.files, folder + "/stderr");
  QuietNotice notice(effects_.clock.monotonic());
  const auto keep = [&](std::string_view stream, std::vector<std::string> lines) -> Result<void> {
    if (lines.empty()) return {};
    notice.heard(effects_.clock.monotonic());
    const std::size_t left_out = lines.size() - std::min(lines.size(), kLinesOfOneEventMax);
    if (left_out > 0) lines.erase(lines.begin(), lines.end() - kLinesOfOneEventMax);
    json::array told;
    for (const std::string& line : lines) told.emplace_back(line);
    json::object body{{"step", std::string(step.id)},
                      {"stream", std::string(stream)},
                      {"lines", std::move(told)}};
    if (left_out > 0) body["left_out"] = left_out;
    return record(event_kind::kChildOutput, std::move(body));
  };
  for (;;) {
    const auto state = effects_.processes.state_of(child, folder + "/exit");
    if (!state) return fail(state.error());
    auto kept = keep("stderr", state->is_running ? err.next_lines() : err.last_lines());
    if (kept) kept = keep("stdout", state->is_running ? out.next_lines() : out.last_lines());
    if (!kept) return fail(kept.error());
    if (!state->is_running) return conclude_child(step, begun, state->exit_code);
    if (const auto quiet = notice.due(effects_.clock.monotonic())) {
      kept = record(
          event_kind::kChildQuiet,
          {{"step", std::string(step.id)}, {"pid", child.pid}, {"seconds", quiet->count() / 1000}});
      if (!kept) return fail(kept.error());
    }
    if (effects_.clock.wait(kLook) == WaitEnd::reached) continue;
    return RunOutcome{
        .end = RunEnd::interrupted,
        .reason = fmt::format("interrupted while {} runs on as process {}", begun.name, child.pid),
        .help = "gatehouse resume"};
  }
}

// Whatever it said of itself, only the world tells how much of it was done.
Result<RunOutcome> PhaseRun::conclude_child(const Step& step, const Begun& begun,
                                            std::optional<int> exit_code) {
  collector_.forget_before_effect();
  for (const char* stream : {"/stdout", "/stderr"}) {
    if (auto kept = redact_output(begun.folder + stream); !kept) return fail(kept.error());
  }
  json::object body{{"step", std::string(step.id)}, {"effect", begun.name}};
  if (exit_code) {
    body["exit_code"] = *exit_code;
    body["stdout"] = tail_of(effects_.files, begun.folder + "/stdout");
    body["stderr"] = tail_of(effects_.files, begun.folder + "/stderr");
    const std::string talk = string_or_empty(body, "stderr");
    if (auto recorded = record(event_kind::kOutcome, std::move(body)); !recorded) {
      return fail(recorded.error());
    }
    if (*exit_code == 0) return confirm_landed(step);
    if (step.effect->was_refused && step.effect->was_refused(talk)) {
      return RunOutcome{
          .end = RunEnd::in_doubt,
          .reason = fmt::format("step {}: {} was refused: {}", step.id, begun.name, trim(talk)),
          .help = look_at_help()};
    }
    const auto sight = observe_landed(step);
    if (!sight) return ended_by(sight.error());
    RunOutcome outcome = doubt(step, *sight);
    outcome.reason = fmt::format("step {}: {} ended with exit code {}: {}; {}", step.id, begun.name,
                                 *exit_code, trim(talk), outcome.reason);
    return outcome;
  }
  // It was killed together with its keeper.
  const auto sight = observe_landed(step);
  if (!sight) return ended_by(sight.error());
  return sight->landed == Landed::whole ? confirm_landed(step) : doubt(step, *sight);
}

}  // namespace gatehouse
