#include "cli/journal_commands.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/site_session.h"
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
  auto journal = open_journal(opened.session.state_folder(), JournalMode::read);
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

/// What the HEAD file proves of the journal's end.
struct Tail {
  std::string words;
  int exit_code = kExitUnknown;
};

// A run that was killed leaves rows after the head that the run before it wrote: that head must
// still stand in the chain.
Tail judge_tail(Journal& journal, const Result<std::string>& kept, const JournalHead& head) {
  if (!kept) return {"no HEAD file: a cut tail cannot be told", kExitUnknown};
  if (*kept == head_text(head)) return {"the head is the one that the last run wrote", kExitHolds};
  const auto runs = journal.runs();
  if (!runs) return {to_string(runs.error()), kExitUnknown};
  for (const std::string& run : *runs) {
    const auto events = journal.events_of(run);
    if (!events) return {to_string(events.error()), kExitUnknown};
    for (const Event& event : *events) {
      if (head_text({.sequence = event.sequence, .hash = event.hash}) != *kept) continue;
      return {fmt::format("{} rows after the last head that a run wrote at its end",
                          head.sequence - event.sequence),
              kExitHolds};
    }
  }
  return {"the head that the last run wrote is not in the journal: rows are gone", kExitFails};
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

int run_report(const std::string& asked, const std::string& format, Context& context) {
  return with_events(asked, context, [&](const std::vector<Event>& events) {
    const RunView view = fold(events);
    const bool wants_json = format == "json" || context.options.wants_json;
    context.console.data(wants_json ? to_pretty_json(to_json(view)) : to_text(view));
    return int{kExitHolds};
  });
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
    const std::string end = view.end.empty() ? "cut off" : view.end;
    array.push_back(json::object{{"run", run}, {"end", end}, {"events", events->size()}});
    text += fmt::format("{}  {}  {} events  {}\n", run, end, events->size(), view.reason);
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
    return kExitFails;
  }
  constexpr std::size_t kHeadBytesMax = 4096;
  const auto kept =
      context.effects.files.read(opened.session.state_folder() + "/HEAD", kHeadBytesMax);
  const Tail tail = judge_tail(*opened.journal, kept, *head);
  if (context.options.wants_json) {
    context.console.data(to_pretty_json(json::object{{"sequence", head->sequence},
                                                     {"hash", head->hash},
                                                     {"tail", tail.words},
                                                     {"whole", tail.exit_code == kExitHolds}}));
  } else {
    context.console.data(fmt::format("{}{}\n", head_text(*head), tail.words));
  }
  return tail.exit_code;
}

int run_journal_export(const std::string& asked, Context& context) {
  return with_events(asked, context, [&](const std::vector<Event>& events) {
    for (const Event& event : events) context.console.data(to_json_line(event) + "\n");
    return int{kExitHolds};
  });
}

}  // namespace gatehouse::cli
