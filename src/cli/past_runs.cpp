#include "cli/past_runs.h"

#include <algorithm>
#include <utility>

#include "engine/run_events.h"
#include "report/run_view.h"

namespace gatehouse::cli {

Result<std::vector<PastRun>> past_runs(Journal& journal) {
  const auto ids = journal.runs();
  if (!ids) return fail(ids.error());
  std::vector<PastRun> runs;
  for (const std::string& run : *ids) {
    auto events = journal.events_of(run);
    if (!events) return fail(events.error());
    runs.push_back({run, std::move(*events)});
  }
  return runs;
}

bool has_intent(const std::vector<Event>& events) {
  return std::any_of(events.begin(), events.end(),
                     [](const Event& event) { return event.kind == event_kind::kIntent; });
}

bool has_all_steps(const std::vector<Event>& events, const Phase& phase) {
  return std::all_of(phase.steps.begin(), phase.steps.end(), [&](const Step& step) {
    return std::any_of(events.begin(), events.end(), [&](const Event& event) {
      return event.kind == event_kind::kStepFinished &&
             string_or_empty(event.body, "step") == step.id && is_done(event.body);
    });
  });
}

std::vector<std::string> unfinished_runs(std::span<const PastRun> runs, const Phase& phase) {
  std::vector<std::string> unfinished;
  for (const PastRun& past : runs) {
    if (has_all_steps(past.events, phase)) {
      unfinished.clear();
      continue;
    }
    const std::string end = fold(past.events).end;
    const bool is_ended = end == "fails" || end == "unknown";
    if (has_intent(past.events) && !is_ended) unfinished.push_back(past.run);
  }
  return unfinished;
}

bool has_doubtful_model(std::span<const PastRun> runs) {
  bool is_doubtful = false;
  for (const PastRun& past : runs) {
    for (const Event& event : past.events) {
      if (string_or_empty(event.body, "step") != "add-model") continue;
      if (event.kind == event_kind::kIntent) is_doubtful = true;
      if (event.kind == event_kind::kOutcome) is_doubtful = false;
    }
  }
  return is_doubtful;
}

}  // namespace gatehouse::cli
