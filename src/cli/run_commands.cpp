#include "cli/run_commands.h"

#include <algorithm>
#include <map>
#include <optional>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "base/json.h"
#include "base/text.h"
#include "cli/journal_head.h"
#include "cli/past_runs.h"
#include "cli/run_session.h"
#include "cli/site_session.h"
#include "report/run_view.h"

namespace gatehouse::cli {

namespace {

json::array inputs_json(const Inputs& inputs) {
  json::array rows;
  rows.push_back(
      json::object{{"path", inputs.site_file.path}, {"digest", inputs.site_file.digest}});
  for (const InputFile& file : inputs.files) {
    rows.push_back(json::object{{"path", file.path}, {"digest", file.digest}});
  }
  return rows;
}

json::object about_run(const SiteSession& session, const Phase& phase, const RunOptions& options,
                       const Context& context) {
  json::array accepted, waivers;
  for (const Acceptance& acceptance : session.inputs().site.accept) {
    accepted.push_back(json::object{
        {"code", acceptance.code}, {"on", acceptance.on}, {"reason", acceptance.reason}});
  }
  for (const Waiver& waiver : options.waivers) {
    waivers.push_back(json::object{{"gate", waiver.gate}, {"reason", waiver.reason}});
  }
  json::object about{
      {"site", session.inputs().site.name}, {"phase", std::string(phase.id)},
      {"title", std::string(phase.title)},  {"version", std::string(kVersion)},
      {"folder", session.inputs().folder},  {"inputs", inputs_json(session.inputs())},
      {"accepted", std::move(accepted)},    {"waivers", std::move(waivers)}};
  if (!context.environment.lab.empty()) about["lab"] = context.environment.lab;
  if (options.beginning == Beginning::adoption) about["adopted"] = true;
  if (context.options.at) about["judged_at"] = to_rfc3339(*context.options.at);
  return about;
}

std::optional<int> refuse_waivers(const RunOptions& options, Console& console) {
  for (const Waiver& waiver : options.waivers) {
    const Gate* gate = find_gate(waiver.gate);
    const bool is_line = printable(waiver.reason) == waiver.reason;
    if (gate && gate->waiving == Waiving::allowed && !waiver.reason.empty() && is_line) continue;
    console.talk(fmt::format("error: {}\n  = help: gatehouse gates list\n",
                             !gate                   ? "no gate " + printable(waiver.gate)
                             : waiver.reason.empty() ? "a waiver needs --reason TEXT"
                             : !is_line
                                 ? "--reason " + printable(waiver.reason) +
                                       ": one line of UTF-8 wanted, without control characters"
                                 : "gate " + waiver.gate + " cannot be waived"));
    return kExitInput;
  }
  return std::nullopt;
}

std::optional<int> refuse_until(const RunOptions& options, Console& console) {
  if (options.until.empty()) return std::nullopt;
  std::vector<std::string> ids;
  for (const Step& step : all_phases().front()->steps) ids.emplace_back(step.id);
  if (std::find(ids.begin(), ids.end(), options.until) != ids.end()) return std::nullopt;
  console.talk(fmt::format("error: no step {}\n  = help: the steps are {}\n",
                           printable(options.until), join(ids, ", ")));
  return kExitInput;
}

// Asked before anything is changed, in a lab too: what is in PATH decides whom the commands reach.
std::optional<int> refuse_without_consent(const RunOptions& options, const SiteSession& session,
                                          Console& console) {
  const SiteJuju& juju = session.inputs().site.juju;
  // Nothing is changed where what was done by hand is only watched.
  if (options.has_consent || options.beginning == Beginning::adoption ||
      console.confirm(fmt::format("deploy {} into model {} of controller {}",
                                  session.inputs().site.bundle, juju.model, juju.controller))) {
    return std::nullopt;
  }
  console.talk("nothing was done; --yes runs without asking\n");
  return kExitInput;
}

// All that can be refused before the state folder is touched.
std::optional<int> begin(const RunOptions& options, SiteSession& session, Context& context) {
  if (const auto refused = refuse_waivers(options, context.console)) return refused;
  if (const auto refused = refuse_until(options, context.console)) return refused;
  if (const auto stopped = session.open()) return stopped;
  if (const auto refused = session.refuse_state()) return refused;
  return refuse_without_consent(options, session, context.console);
}

// The report beside the run, in both forms, so that it outlives the database.
Result<std::string> write_report(const std::string& run, const std::string& folder,
                                 Journal& journal, FileStore& files) {
  const auto events = journal.events_of(run);
  if (!events) return fail(events.error());
  const RunView view = fold(*events);
  const std::string path = folder + "/report.txt";
  if (auto written = files.write_atomic(path, to_text(view), 0600); !written) {
    return fail(written.error());
  }
  auto written = files.write_atomic(folder + "/report.json", to_pretty_json(to_json(view)), 0600);
  if (written) written = files.write_atomic(folder + "/report.html", to_html(view), 0600);
  if (!written) return fail(written.error());
  return path;
}

// The staged copy holds a secret: it is kept only while a resume could need it.
bool is_given_up(const RunOutcome& outcome, const std::string& run, const Phase& phase,
                 Journal& journal) {
  const auto events = journal.events_of(run);
  if (!events) return false;
  if (outcome.end == RunEnd::holds) return has_all_steps(*events, phase);
  const bool has_stopped = outcome.end == RunEnd::fails || outcome.end == RunEnd::unknown;
  return has_stopped && !has_intent(*events);
}

// Copies that runs cut off before they changed anything left behind: a new run takes their place.
void remove_stale_stages(const std::string& state, std::span<const PastRun> runs,
                         FileStore& files) {
  for (const PastRun& past : runs) {
    if (has_intent(past.events)) continue;
    // What cannot be removed is found again by the next run.
    if (auto removed = files.remove(state + "/runs/" + past.run + "/stage"); !removed) continue;
  }
}

void tell_unfinished(std::span<const PastRun> runs, Context& context) {
  for (const std::string& run : unfinished_runs(runs, *all_phases().front())) {
    context.console.talk(
        fmt::format("warning: run {} began to change the world and has steps left\n  = help: {}\n",
                    run, resume_command(run, context)));
  }
}

struct StartedRun {
  std::string run;
  std::string folder;
  std::vector<Event> past = {};
  bool takes_up_model = false;
};

// The run's report with where it was written, and the verdicts and findings that CONTRACT.md asks
// of every command that judges.
json::object result_json(const std::string& run, const std::string& report,
                         const SiteSession& session, Journal& journal) {
  const auto events = journal.events_of(run);
  json::object result = events ? to_json(fold(*events)) : json::object();
  json::array verdicts;
  if (const json::array* steps = find_array(result, "steps")) {
    for (const json::value& step : *steps) {
      if (const json::array* own = find_array(step, "verdicts")) {
        verdicts.insert(verdicts.end(), own->begin(), own->end());
      }
    }
  }
  result["report"] = report;
  result["verdicts"] = std::move(verdicts);
  json::array findings;
  for (const Diagnostic& finding : session.read().findings) findings.push_back(to_json(finding));
  result["findings"] = std::move(findings);
  return result;
}

// What cannot be recorded is not done: the run ends where it is, in doubt of what it had begun.
int tell_broken_off(Error error, const StartedRun& started, Journal& journal, Context& context) {
  const auto events = journal.events_of(started.run);
  const bool has_acted = !events || has_intent(*events);
  if (has_acted) {
    error.help += (error.help.empty() ? "once that is mended: " : "; then: ") +
                  resume_command(started.run, context);
  }
  const int code = tell_error(context.console, error);
  // Of what is in no journal nobody would ever clear the staged copy away.
  if (events && events->empty()) {
    const auto removed = context.effects.files.remove(started.folder);
    if (!removed) tell_error(context.console, removed.error());
  }
  return has_acted ? int{kExitEffect} : code;
}

void tell_next(const std::string& help, const StartedRun& started, Context& context) {
  if (help.empty()) return;
  // A rehearsal's lab ends with it, so there is nothing to resume; `resume` would take the real
  // site.
  const bool is_rehearsal = !context.environment.state_folder.empty();
  const bool would_resume = help.find("gatehouse resume") != std::string::npos;
  context.console.talk(fmt::format(
      "next: {}\n",
      is_rehearsal && would_resume
          ? "look at " + started.folder +
                "; the lab ended with its rehearsal, and gatehouse-lab up gives one to resume in"
          : replace_all(help, "gatehouse resume", resume_command(started.run, context))));
}

int drive(const RunOptions& options, const StartedRun& started, SiteSession& session,
          Journal& journal, Context& context) {
  const Phase& phase = *all_phases().front();
  const Questions questions = session.questions();
  const std::vector<const FactSource*> sources = all_sources();
  const RunRequest request{
      .phase = phase,
      .inputs = session.inputs(),
      .plan = session.plan(),
      .questions = questions,
      .sources = sources,
      .run = started.run,
      .folder = started.folder,
      .about = about_run(session, phase, options, context),
      .waivers = options.waivers,
      .until = options.until,
      .model_use = options.uses_empty_model || started.takes_up_model ? ModelUse::may_be_empty
                                                                      : ModelUse::must_be_absent,
      .past = started.past,
      .verify_inputs = [&] { return verify_stage(session.inputs(), context.effects.files); },
      .beginning = options.beginning,
      .redactor = &context.redactor};
  const std::string prefix = lab_prefix(context);
  const auto outcome = run_phase(request, context.effects, journal,
                                 [&](const Event& event) { tell_progress(event, context); });
  if (!outcome) return tell_broken_off(outcome.error(), started, journal, context);
  write_head(session.state_folder(), journal, context);
  if (is_given_up(*outcome, started.run, phase, journal)) {
    const auto removed = context.effects.files.remove(started.folder + "/stage");
    if (!removed) tell_error(context.console, removed.error());
  }
  const auto report = write_report(started.run, started.folder, journal, context.effects.files);
  if (!report) {
    // The record is in the journal all the same; how the run ended is the more important answer.
    tell_error(context.console, with_context(report.error(), "writing the report"));
    return exit_code_of(outcome->end);
  }
  tell_next(outcome->help, started, context);
  if (context.options.wants_json) {
    context.console.data(to_pretty_json(result_json(started.run, *report, session, journal)));
  } else {
    context.console.data(fmt::format("{}as-built report: {}\n", prefix, *report));
  }
  return exit_code_of(outcome->end);
}

// Given with what may be refused: the record of other runs stands in the same journal.
Result<std::vector<PastRun>> runs_of_site(Journal& journal, const SiteSession& session) {
  auto runs = past_runs(journal);
  if (!runs) return runs;
  if (auto ours = refuse_other_site(*runs, session.inputs().site.name); !ours) {
    return fail(ours.error());
  }
  return runs;
}

// The newest run of the phase; one that only watched has nothing to resume. Where a gate ended the
// newest before it changed anything, what an earlier one began is what there is to go on with.
Result<const PastRun*> run_to_resume(const std::string& asked, std::span<const PastRun> runs) {
  const Phase& phase = *all_phases().front();
  const PastRun* newest = nullptr;
  for (const PastRun& past : runs) {
    if (past.run == asked) return &past;
    if (string_or_empty(fold(past.events).about, "phase") == phase.id) newest = &past;
  }
  if (!asked.empty()) {
    return fail(ErrorKind::not_found, "the journal holds no run " + asked,
                "gatehouse journal list");
  }
  if (!newest) {
    return fail(ErrorKind::not_found, "the journal holds no run to resume", "gatehouse run");
  }
  const auto unfinished = unfinished_runs(runs, phase);
  const std::string end = fold(newest->events).end;
  const bool is_given_up = !has_intent(newest->events) && (end == "fails" || end == "unknown");
  if (!is_given_up || unfinished.empty()) return newest;
  return &*std::find_if(runs.begin(), runs.end(),
                        [&](const PastRun& past) { return past.run == unfinished.back(); });
}

std::optional<int> refuse_done_until(const std::string& until, const PastRun& past,
                                     Console& console) {
  for (const Event& event : past.events) {
    const bool is_it = event.kind == event_kind::kStepFinished && is_done(event.body) &&
                       string_or_empty(event.body, "step") == until;
    if (!is_it) continue;
    console.talk(
        fmt::format("error: step {} of run {} is done already\n"
                    "  = help: name a later step, or leave --until out\n",
                    until, past.run));
    return kExitInput;
  }
  return std::nullopt;
}

// One line for each file whose digest is another now, or that only one side has.
std::vector<std::string> changes_of(const json::array& before, const json::array& now) {
  std::map<std::string, std::pair<std::string, std::string>> digests;
  for (const json::value& row : before) {
    digests[string_or_empty(row, "path")].first = string_or_empty(row, "digest");
  }
  for (const json::value& row : now) {
    digests[string_or_empty(row, "path")].second = string_or_empty(row, "digest");
  }
  std::vector<std::string> lines;
  for (const auto& [path, both] : digests) {
    const auto& [was, is] = both;
    if (was == is) continue;
    lines.push_back(fmt::format("{}: SHA-256 {} found, {} wanted", printable(path),
                                is.empty() ? "of no file" : is, was.empty() ? "none" : was));
  }
  return lines;
}

// The copies that the run was begun with decide; that the site's own files changed is only told.
std::optional<int> refuse_changed_stage(const PastRun& past, const std::string& folder,
                                        const json::array& before, const SiteSession& session,
                                        Context& context) {
  const json::array now = inputs_json(session.inputs());
  const RunView view = fold(past.events);
  const json::array* journalled = find_array(view.about, "inputs");
  const auto changes = changes_of(journalled ? *journalled : json::array(), now);
  if (!changes.empty()) {
    context.console.talk(fmt::format(
        "error: the staged copy in {}/stage is not what run {} began with:\n  {}\n  = help: {}\n",
        printable(folder), past.run, join(changes, "\n  "),
        has_intent(past.events)
            ? "put those bytes back there, then " + resume_command(past.run, context)
            : "begin anew with gatehouse run"));
    return kExitInput;
  }
  if (const auto others = changes_of(now, before); !others.empty()) {
    context.console.talk(
        fmt::format("warning: the site's files changed since the run began; it goes on with the "
                    "copies it was begun with:\n  {}\n",
                    join(others, "\n  ")));
  }
  return std::nullopt;
}

}  // namespace

int run_run(const RunOptions& options, Context& context) {
  SiteSession session(context);
  if (const auto refused = begin(options, session, context)) return *refused;
  const std::string state = session.state_folder();
  auto opened = open_state(state, "gatehouse run", context);
  if (!opened) return tell_error(context.console, opened.error());
  const auto runs = runs_of_site(*opened->journal, session);
  if (!runs) return tell_error(context.console, runs.error());
  tell_unfinished(*runs, context);
  const auto run = new_run_id(context.effects);
  if (!run) return tell_error(context.console, run.error());
  const std::string folder = state + "/runs/" + *run;
  remove_stale_stages(state, *runs, context.effects.files);
  auto staged = context.effects.files.make_folder(folder + "/stage", 0700);
  if (staged) staged = stage_inputs(session.inputs(), folder + "/stage", context.effects.files);
  if (!staged) {
    const int code = tell_error(context.console, staged.error());
    const auto removed = context.effects.files.remove(folder);
    if (!removed) tell_error(context.console, removed.error());
    return code;
  }
  if (const auto stopped = session.open_stage(folder + "/stage")) return *stopped;
  return drive(
      options,
      {.run = *run, .folder = folder, .past = {}, .takes_up_model = has_doubtful_model(*runs)},
      session, *opened->journal, context);
}

int run_resume(const std::string& asked, const RunOptions& asked_options, Context& context) {
  RunOptions options = asked_options;
  SiteSession session(context);
  if (const auto refused = begin(options, session, context)) return *refused;
  const std::string state = session.state_folder();
  if (const auto journal = context.open_journal(state, JournalMode::read); !journal) {
    Error error = journal.error();
    if (error.kind == ErrorKind::not_found) error.help = "gatehouse run";
    return tell_error(context.console, error);
  }
  auto opened = open_state(state, "gatehouse resume", context);
  if (!opened) return tell_error(context.console, opened.error());
  const auto runs = runs_of_site(*opened->journal, session);
  if (!runs) return tell_error(context.console, runs.error());
  const auto found = run_to_resume(asked, *runs);
  if (!found) return tell_error(context.console, found.error());
  const PastRun& past = **found;
  const RunView view = fold(past.events);
  if (find_bool(view.about, "adopted").value_or(false)) options.beginning = Beginning::adoption;
  if (has_all_steps(past.events, *all_phases().front())) {
    context.console.talk(fmt::format("run {} is complete\n", past.run));
    return kExitHolds;
  }
  if (const auto refused = refuse_done_until(options.until, past, context.console)) return *refused;
  const std::string folder = state + "/runs/" + past.run;
  const json::array before = inputs_json(session.inputs());
  if (const auto stopped = session.open_stage(folder + "/stage")) {
    context.console.talk(
        fmt::format("run {} cannot be resumed: its staged copy is gone\n  = help: {}\n", past.run,
                    has_intent(past.events) ? "gatehouse report " + past.run : "gatehouse run"));
    return *stopped;
  }
  if (const auto refused = refuse_changed_stage(past, folder, before, session, context)) {
    return *refused;
  }
  return drive(options, {.run = past.run, .folder = folder, .past = past.events}, session,
               *opened->journal, context);
}

}  // namespace gatehouse::cli
