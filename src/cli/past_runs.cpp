#include "cli/past_runs.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

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
    if (has_intent(past.events)) unfinished.push_back(past.run);
  }
  return unfinished;
}

Result<void> refuse_other_site(std::span<const PastRun> runs, const std::string& site) {
  for (const PastRun& past : runs) {
    const std::string theirs = string_or_empty(fold(past.events).about, "site");
    if (theirs.empty() || site.empty() || theirs == site) continue;
    return fail(
        ErrorKind::conflict,
        fmt::format("run {} in this state folder is of site {}, and this site file is of {}",
                    past.run, theirs, site),
        fmt::format("give each site a state folder of its own (`state` in its site file); "
                    "where the site was renamed, resume with its former name {}",
                    theirs));
  }
  return {};
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
