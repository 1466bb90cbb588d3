#include "cli/watch_command.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "cli/journal_commands.h"
#include "cli/journal_head.h"
#include "cli/past_runs.h"
#include "cli/print_result.h"
#include "cli/run_session.h"
#include "cli/state_lock.h"
#include "cli/watched_model.h"
#include "phases/watch.h"
#include "report/model_table.h"
#include "report/run_view.h"

namespace gatehouse::cli {

namespace {

constexpr Milliseconds kJournalLook{1'000};

// Of a run that another process writes: what happened since the step began that it is at.
std::size_t first_of_current_step(const std::vector<Event>& events) {
  for (std::size_t at = events.size(); at-- > 0;) {
    if (events[at].kind == event_kind::kStepStarted) return at;
  }
  return 0;
}

int exit_code_of_end(const std::string& end) {
  if (end == "holds") return kExitHolds;
  if (end == "fails") return kExitFails;
  if (end == "in doubt") return kExitEffect;
  return end == "interrupted" ? kExitInterrupted : kExitUnknown;
}

int print_view(const RunView& view, Context& context) {
  if (context.options.wants_json) {
    context.console.data(to_pretty_json(to_json(view)));
  } else {
    context.console.data(fmt::format("{}run {} {}{}\n", lab_prefix(context), view.run,
                                     view.end.empty() ? "was cut off" : view.end,
                                     view.reason.empty() ? "" : ": " + view.reason));
  }
  return exit_code_of_end(view.end);
}

/// Follows the journal that another process writes, until its run ends or the process is gone.
int attach(const std::string& state, Context& context) {
  auto journal = context.open_journal(state, JournalMode::read);
  if (!journal) return tell_error(context.console, journal.error());
  const auto run = find_run(**journal, "");
  if (!run) return tell_error(context.console, run.error());
  context.console.talk(fmt::format("{}attached to run {}, which another process carries on\n",
                                   lab_prefix(context), *run));
  std::optional<std::size_t> shown;
  bool was_quiet = false;  // only then is it worth asking whether the other process is gone
  for (;;) {
    // Asked before the journal is read: whatever the process wrote before its end is read after.
    const bool is_over = was_quiet && is_lock_free(state, context);
    const auto events = (*journal)->events_of(*run);
    if (!events) return tell_error(context.console, events.error());
    if (!shown) shown = first_of_current_step(*events);
    was_quiet = *shown == events->size();
    for (; *shown < events->size(); ++*shown) tell_progress((*events)[*shown], context);
    if (is_over || (!events->empty() && events->back().kind == event_kind::kRunFinished)) {
      const RunView view = fold(*events);
      if (view.end.empty()) {
        const bool is_watch = string_or_empty(view.about, "phase") == watch_phase.id;
        const std::string go_on = is_watch ? std::string(watch_phase.go_on) + site_option(context)
                                           : resume_command(*run, context);
        context.console.talk("next: " + go_on + "\n");
      }
      return print_view(view, context);
    }
    if (context.effects.clock.wait(kJournalLook) == WaitEnd::interrupted) {
      context.console.talk(fmt::format("detached; run {} goes on\n", *run));
      return kExitInterrupted;
    }
  }
}

json::object about_watch(const WatchedModel& watched, const Context& context) {
  json::object about{{"site", watched.inputs().site.name},
                     {"phase", std::string(watch_phase.id)},
                     {"title", std::string(watch_phase.title)},
                     {"version", std::string(kVersion)},
                     {"model", watched.name()},
                     {"observed", true}};
  if (!context.environment.lab.empty()) about["lab"] = context.environment.lab;
  return about;
}

int watch_ourselves(WatchedModel& watched, const OpenedState& opened, Context& context) {
  const auto runs = past_runs(*opened.journal);
  if (!runs) return tell_error(context.console, runs.error());
  if (auto ours = refuse_other_site(*runs, watched.inputs().site.name); !ours) {
    return tell_error(context.console, ours.error());
  }
  if (const auto stopped = watched.expect_what_is_there()) return *stopped;
  const auto run = new_run_id(context.effects);
  if (!run) return tell_error(context.console, run.error());
  const Questions questions = watched.questions();
  const std::vector<const FactSource*> sources = all_sources();
  const RunRequest request{.phase = watch_phase,
                           .inputs = watched.inputs(),
                           .plan = watched.plan(),
                           .questions = questions,
                           .sources = sources,
                           .run = *run,
                           .folder = watched.state_folder() + "/runs/" + *run,
                           .about = about_watch(watched, context),
                           .waivers = {},
                           .until = {},
                           .model_use = ModelUse::must_be_absent,
                           .past = {},
                           .verify_inputs = {},
                           .beginning = Beginning::first_step,
                           .redactor = &context.redactor};
  const auto outcome = run_phase(request, context.effects, *opened.journal,
                                 [&](const Event& event) { tell_progress(event, context); });
  if (!outcome) return tell_error(context.console, outcome.error());
  write_head(watched.state_folder(), *opened.journal, context);
  const auto events = opened.journal->events_of(*run);
  if (!events) return tell_error(context.console, events.error());
  print_view(fold(*events), context);
  return exit_code_of(outcome->end);
}

}  // namespace

int run_watch(const WatchOptions& options, Context& context) {
  WatchedModel watched(context);
  if (const auto stopped = watched.open(options.model)) return *stopped;
  if (const auto refused = watched.refuse_state()) return *refused;
  const auto opened = open_state(watched.state_folder(), "gatehouse watch", context);
  if (!opened && opened.error().kind == ErrorKind::conflict) {
    return attach(watched.state_folder(), context);
  }
  if (!opened) return tell_error(context.console, opened.error());
  return watch_ourselves(watched, *opened, context);
}

int run_status(const WatchOptions& options, Context& context) {
  WatchedModel watched(context);
  if (const auto stopped = watched.open(options.model)) return *stopped;
  const Questions questions = watched.questions();
  const std::vector<const FactSource*> sources = all_sources();
  FactCollector collector(sources, questions, context.effects);
  constexpr FactKey kStatus[] = {FactKey::model_status};
  const Facts& facts = collector.refresh(kStatus, Milliseconds(0));
  const ModelStatus* status = facts.model_status.value();
  if (!status) tell_error(context.console, *facts.model_status.error());
  const ModelStatus nothing;
  const ModelStatus& seen = status ? *status : nothing;
  const Plan there = plan_of_model(seen);
  const Case c{watched.inputs(), watched.plan() ? watched.plan() : &there, facts};
  std::vector<Verdict> verdicts;
  for (const std::string_view id : {"never_messages", "no_unit_error", "unit_states"}) {
    const Gate* gate = find_gate(id);
    if (gate && (!gate->applies || gate->applies(c.inputs))) verdicts.push_back(judge(*gate, c));
  }
  const int code = status ? exit_code_of(verdicts) : int{kExitUnknown};
  const ModelTable table = model_table(seen, verdicts);
  if (!context.options.wants_json) {
    if (status) context.console.data(lab_prefix(context) + to_text(table));
    return code;
  }
  json::object document = to_json(table);
  json::array rows;
  for (const Verdict& verdict : verdicts) rows.push_back(to_json(verdict));
  document["verdicts"] = std::move(rows);
  document["findings"] = json::array();
  context.console.data(to_pretty_json(document));
  return code;
}

}  // namespace gatehouse::cli
