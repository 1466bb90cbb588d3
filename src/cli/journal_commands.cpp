#include "cli/journal_commands.h"

#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include "base/text.h"
#include "cli/journal_head.h"
#include "cli/past_runs.h"
#include "cli/report_forms.h"
#include "cli/run_session.h"
#include "cli/site_session.h"
#include "cli/state_lock.h"
#include "report/archive.h"
#include "report/run_view.h"

namespace gatehouse::cli {

namespace {

/// The journal of the site, opened for reading.
struct OpenedJournal {
  explicit OpenedJournal(Context& context) : session(context) {}
  SiteSession session;
  std::unique_ptr<Journal> journal;
};

// The exit code where the journal cannot be read; nothing where it can.
std::optional<int> open(OpenedJournal& opened, Context& context) {
  if (const auto stopped = opened.session.open_site_file()) return stopped;
  if (const auto refused = opened.session.refuse_state()) return refused;
  auto journal = context.open_journal(opened.session.state_folder(), JournalMode::read);
  if (!journal) return tell_error(context.console, journal.error());
  opened.journal = std::move(*journal);
  return std::nullopt;
}

// Opens the journal, finds the run and hands its events on.
int with_events(const std::string& asked, Context& context,
                const std::function<int(const std::vector<Event>&)>& tell_events) {
  OpenedJournal opened(context);
  if (const auto stopped = open(opened, context)) return *stopped;
  const auto run = find_run(*opened.journal, asked);
  if (!run) return tell_error(context.console, run.error());
  const auto events = opened.journal->events_of(*run);
  return events ? tell_events(*events) : tell_error(context.console, events.error());
}

int write_bundle(const RunView& view, const std::vector<Event>& events, const std::string& path,
                 const OpenedJournal& opened, Context& context) {
  Parcel parcel = parcel_of(view, events, opened.session.inputs(), context);
  const auto archive = write_archive(parcel.entries, view.finished);
  if (!archive) return tell_error(context.console, archive.error());
  const std::string target =
      absolute_path(path, context.environment.working_directory, context.environment.home);
  // Made anew, never written over: what lies there is somebody's.
  if (auto made = context.effects.files.create(target, *archive, 0600); !made) {
    return tell_error(context.console, with_context(made.error(), "writing the bundle"));
  }
  if (context.options.wants_json) {
    json::array names;
    for (const ArchiveEntry& entry : parcel.entries) names.emplace_back(entry.path);
    context.console.data(to_pretty_json(json::object{{"bundle", printable(target)},
                                                     {"run", view.run},
                                                     {"files", std::move(names)},
                                                     {"left_out", std::move(parcel.left_out)}}));
    return kExitHolds;
  }
  context.console.data(fmt::format("{}: {} files, no secret among them\n", printable(target),
                                   parcel.entries.size()));
  for (const json::value& row : parcel.left_out) {
    context.console.data(fmt::format("  left out: {} ({})\n", string_or_empty(row, "path"),
                                     string_or_empty(row, "why")));
  }
  return kExitHolds;
}

/// What is pruned: the runs before the newest ones, and their rows in order.
struct Pruning {
  std::vector<std::string> runs;
  std::vector<Event> rows;
  std::string unfinished;  ///< a run that must stay, and all after it; "" where there is none
};

// Of what a run began to change, nobody else keeps the record that `resume` goes on with.
Result<Pruning> choose_old_runs(Journal& journal, std::size_t kept) {
  auto runs = past_runs(journal);
  if (!runs) return fail(runs.error());
  const auto unfinished = unfinished_runs(*runs, *all_phases().front());
  Pruning pruning;
  std::size_t old = runs->size() - std::min(kept, runs->size());
  for (std::size_t at = 0; at < old && !unfinished.empty(); ++at) {
    if ((*runs)[at].run != unfinished.front()) continue;
    pruning.unfinished = unfinished.front();
    old = at;
  }
  // Rows go up to a number: of a run that was resumed, some may follow those of one that stays.
  std::int64_t last = 0;
  std::size_t whole = 0;
  for (std::size_t at = 0; at < old; ++at) {
    last = std::max(last, (*runs)[at].events.back().sequence);
    const bool is_border = at + 1 == runs->size() || (*runs)[at + 1].events.front().sequence > last;
    if (is_border) whole = at + 1;
  }
  for (std::size_t at = 0; at < whole; ++at) {
    PastRun& past = (*runs)[at];
    pruning.runs.push_back(past.run);
    pruning.rows.insert(pruning.rows.end(), past.events.begin(), past.events.end());
  }
  std::sort(pruning.rows.begin(), pruning.rows.end(),
            [](const Event& a, const Event& b) { return a.sequence < b.sequence; });
  return pruning;
}

Result<std::string> archive_rows(const Pruning& pruning, const std::string& state,
                                 FileStore& files) {
  std::string lines;
  for (const Event& event : pruning.rows) lines += to_json_line(event) + "\n";
  const std::string path = fmt::format("{}/archive/rows-{}-{}.jsonl", state,
                                       pruning.rows.front().sequence, pruning.rows.back().sequence);
  if (auto made = files.make_folder(state + "/archive", 0700); !made) return fail(made.error());
  if (auto written = files.write_atomic(path, lines, 0600); !written) return fail(written.error());
  return path;
}

}  // namespace

Result<std::string> find_run(Journal& journal, const std::string& asked) {
  const auto runs = journal.runs();
  if (!runs) return fail(runs.error());
  if (asked.empty()) {
    if (runs->empty()) {
      return fail(ErrorKind::not_found, "the journal holds no run", "gatehouse run");
    }
    return runs->back();
  }
  if (std::find(runs->begin(), runs->end(), asked) == runs->end()) {
    return fail(ErrorKind::not_found, "the journal holds no run " + asked,
                "gatehouse journal list");
  }
  return asked;
}

int run_report(const ReportOptions& options, Context& context) {
  OpenedJournal opened(context);
  if (const auto stopped = open(opened, context)) return *stopped;
  const auto run = find_run(*opened.journal, options.run);
  if (!run) return tell_error(context.console, run.error());
  const auto events = opened.journal->events_of(*run);
  if (!events) return tell_error(context.console, events.error());
  const RunView view = fold(*events);
  if (!options.bundle.empty()) return write_bundle(view, *events, options.bundle, opened, context);
  const bool wants_json = context.options.wants_json;
  context.console.data(form_of(view, wants_json ? "json" : options.format));
  return kExitHolds;
}

int run_journal_list(Context& context) {
  OpenedJournal opened(context);
  if (const auto stopped = open(opened, context)) return *stopped;
  const auto runs = opened.journal->runs();
  if (!runs) return tell_error(context.console, runs.error());
  json::array array;
  std::string text;
  for (const std::string& run : *runs) {
    const auto events = opened.journal->events_of(run);
    if (!events) return tell_error(context.console, events.error());
    const RunView view = fold(*events);
    const bool goes_on = view.end.empty() && run == runs->back() &&
                         !is_lock_free(opened.session.state_folder(), context);
    const std::string end = goes_on ? "goes on" : view.end.empty() ? "cut off" : view.end;
    array.push_back(json::object{{"run", run}, {"end", end}, {"events", events->size()}});
    text += fmt::format("{}  {}  {} events", printable(run), printable(end), events->size());
    if (!view.end.empty() && !view.reason.empty()) text += "  " + printable(view.reason);
    text += "\n";
  }
  context.console.data(
      context.options.wants_json ? to_pretty_json(json::object{{"runs", std::move(array)}}) : text);
  return kExitHolds;
}

int run_journal_show(const std::string& asked, Context& context) {
  return with_events(asked, context, [&](const std::vector<Event>& events) {
    json::array array;
    std::string text;
    for (const Event& event : events) {
      if (auto line = parse_json(to_json_line(event))) array.push_back(std::move(*line));
      text += progress_of(event);
    }
    context.console.data(context.options.wants_json
                             ? to_pretty_json(json::object{{"events", std::move(array)}})
                             : text);
    return int{kExitHolds};
  });
}

int run_journal_verify(Context& context) {
  OpenedJournal opened(context);
  if (const auto stopped = open(opened, context)) return *stopped;
  const auto head = opened.journal->verify();
  if (!head) {
    tell_error(context.console, head.error());
    if (context.options.wants_json) {
      context.console.data(
          to_pretty_json(json::object{{"whole", false}, {"damage", to_string(head.error())}}));
    }
    return kExitFails;
  }
  const Tail tail =
      judge_tail(opened.session.state_folder(), *opened.journal, *head, context.effects.files);
  if (context.options.wants_json) {
    context.console.data(to_pretty_json(json::object{{"sequence", head->sequence},
                                                     {"hash", head->hash},
                                                     {"tail", tail.words},
                                                     {"whole", tail.state == Tail::State::whole}}));
  } else {
    context.console.data(fmt::format("{}{}\n", head_text(*head), tail.words));
  }
  if (tail.state == Tail::State::unknown) return kExitUnknown;
  return tail.state == Tail::State::whole ? kExitHolds : kExitFails;
}

int run_journal_export(const std::string& asked, Context& context) {
  return with_events(asked, context, [&](const std::vector<Event>& events) {
    for (const Event& event : events) context.console.data(to_json_line(event) + "\n");
    return int{kExitHolds};
  });
}

int run_journal_prune(std::size_t kept, Context& context) {
  OpenedJournal opened(context);
  if (const auto stopped = open(opened, context)) return *stopped;
  const std::string state = opened.session.state_folder();
  const auto lock = lock_state(state, "gatehouse journal prune", context);
  if (!lock) return tell_error(context.console, lock.error());
  const auto whole = refuse_cut_tail(state, *opened.journal, context.effects.files);
  if (!whole) return tell_error(context.console, whole.error());
  const auto pruning = choose_old_runs(*opened.journal, kept);
  if (!pruning) return tell_error(context.console, pruning.error());
  std::string archive;
  if (!pruning->rows.empty()) {
    opened.journal.reset();
    auto kept_rows = archive_rows(*pruning, state, context.effects.files);
    if (!kept_rows) return tell_error(context.console, kept_rows.error());
    archive = std::move(*kept_rows);
    const auto pruned = prune_journal(state, pruning->rows.back().sequence);
    if (!pruned) return tell_error(context.console, pruned.error());
    for (const std::string& run : pruning->runs) {
      const auto gone = context.effects.files.remove(state + "/runs/" + run + "/stage");
      if (!gone) tell_error(context.console, gone.error());
    }
    auto left = context.open_journal(state, JournalMode::read);
    if (!left) return tell_error(context.console, left.error());
    write_head(state, **left, context);
  }
  if (!pruning->unfinished.empty()) {
    context.console.talk(fmt::format(
        "run {} and what came after it stay: it began to change the world and has steps left\n"
        "  = help: {}\n",
        printable(pruning->unfinished), resume_command(pruning->unfinished, context)));
  }
  if (context.options.wants_json) {
    context.console.data(to_pretty_json(
        json::object{{"pruned", json::array(pruning->runs.begin(), pruning->runs.end())},
                     {"rows", pruning->rows.size()},
                     {"archive", archive}}));
  } else if (pruning->rows.empty()) {
    context.console.data("nothing to prune\n");
  } else {
    context.console.data(fmt::format("{} runs, {} rows moved to {}\n", pruning->runs.size(),
                                     pruning->rows.size(), archive));
  }
  return kExitHolds;
}

}  // namespace gatehouse::cli
