#include "cli/run_commands.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "cli/journal_commands.h"
#include "cli/site_session.h"
#include "report/run_view.h"

namespace gatehouse::cli {

namespace {

std::string hexadecimal(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return text;
}

// 20261122-190410-3f2a: sorts by time, and two runs of one second differ.
Result<std::string> new_run_id(Effects& effects) {
  const auto random = effects.entropy.bytes(2);
  if (!random) return fail(random.error());
  std::string time = to_rfc3339(std::chrono::floor<std::chrono::seconds>(effects.clock.now()));
  std::erase_if(time, [](char c) { return c == '-' || c == ':' || c == 'Z'; });
  std::replace(time.begin(), time.end(), 'T', '-');
  return time + "-" + hexadecimal(*random);
}

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
  return about;
}

std::optional<int> refuse_waivers(const RunOptions& options, Console& console) {
  for (const Waiver& waiver : options.waivers) {
    const Gate* gate = find_gate(waiver.gate);
    if (gate && gate->waiving == Waiving::allowed && !waiver.reason.empty()) continue;
    console.talk(fmt::format("error: {}\n  = help: gatehouse gates list\n",
                             !gate ? "no gate " + printable(waiver.gate)
                             : waiver.reason.empty()
                                 ? "a waiver needs --reason TEXT"
                                 : "gate " + waiver.gate + " cannot be waived"));
    return kExitInput;
  }
  return std::nullopt;
}

int exit_code_of(RunEnd end) {
  switch (end) {
    case RunEnd::holds:
      return kExitHolds;
    case RunEnd::fails:
      return kExitFails;
    case RunEnd::unknown:
      return kExitUnknown;
    case RunEnd::in_doubt:
      return kExitEffect;
    case RunEnd::interrupted:
      return kExitInterrupted;
  }
  return kExitBug;
}

std::string lab_prefix(const Context& context) {
  return context.environment.lab.empty() ? "" : "LAB ";
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
  if (!written) return fail(written.error());
  return path;
}

bool has_all_steps(const std::vector<Event>& events, const Phase& phase) {
  return std::all_of(phase.steps.begin(), phase.steps.end(), [&](const Step& step) {
    return std::any_of(events.begin(), events.end(), [&](const Event& event) {
      return event.kind == event_kind::kStepFinished &&
             string_or_empty(event.body, "step") == step.id &&
             string_or_empty(event.body, "end") == "holds";
    });
  });
}

bool has_intent(const std::vector<Event>& events) {
  return std::any_of(events.begin(), events.end(),
                     [](const Event& event) { return event.kind == event_kind::kIntent; });
}

// The staged copy holds a secret: it is kept only while a resume could need it.
bool is_given_up(const RunOutcome& outcome, const std::string& run, const Phase& phase,
                 Journal& journal) {
  const auto events = journal.events_of(run);
  if (!events) return false;
  if (outcome.end == RunEnd::holds) return has_all_steps(*events, phase);
  return outcome.end == RunEnd::fails && !has_intent(*events);
}

// An `add-model` whose outcome was never recorded may have made an empty model of ours.
bool has_doubtful_model(Journal& journal) {
  const auto runs = journal.runs();
  if (!runs || runs->empty()) return false;
  const auto events = journal.events_of(runs->back());
  if (!events) return false;
  bool is_doubtful = false;
  for (const Event& event : *events) {
    const bool is_model = string_or_empty(event.body, "effect") == "add-model";
    if (event.kind == event_kind::kIntent && is_model) is_doubtful = true;
    if (event.kind == event_kind::kOutcome && is_model) is_doubtful = false;
  }
  return is_doubtful;
}

struct StartedRun {
  std::string run;
  std::string folder;
  std::vector<Event> past = {};
  bool takes_up_model = false;
};

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
      .verify_inputs = [&] { return verify_stage(session.inputs(), context.effects.files); }};
  const std::string prefix = lab_prefix(context);
  const auto outcome = run_phase(request, context.effects, journal, [&](const Event& event) {
    if (context.console.is_quiet()) return;
    const std::string progress = progress_of(event);
    for (const std::string_view line : lines_of(progress)) {
      context.console.talk(fmt::format("{}{}\n", prefix, line));
    }
  });
  if (!outcome) {
    tell_error(context.console, with_context(outcome.error(), "writing the journal"));
    return kExitEffect;
  }
  if (const auto head = journal.head()) {
    const auto written = context.effects.files.write_atomic(session.state_folder() + "/HEAD",
                                                            head_text(*head), 0600);
    if (!written) tell_error(context.console, written.error());
  }
  if (is_given_up(*outcome, started.run, phase, journal)) {
    const auto removed = context.effects.files.remove(started.folder + "/stage");
    if (!removed) tell_error(context.console, removed.error());
  }
  const auto report = write_report(started.run, started.folder, journal, context.effects.files);
  if (!report) return tell_error(context.console, report.error());
  if (!outcome->help.empty()) context.console.talk(fmt::format("next: {}\n", outcome->help));
  if (context.options.wants_json) {
    context.console.data(to_pretty_json(
        json::object{{"run", started.run}, {"report", *report}, {"reason", outcome->reason}}));
  } else {
    context.console.data(fmt::format("{}as-built report: {}\n", prefix, *report));
  }
  return exit_code_of(outcome->end);
}

struct OpenedState {
  std::unique_ptr<FileLock> lock;
  std::unique_ptr<Journal> journal;
};

Result<OpenedState> open_state(const std::string& state, Context& context) {
  OpenedState opened;
  if (auto made = context.effects.files.make_folder(state, 0700); !made) return fail(made.error());
  auto lock = context.effects.files.lock(
      state + "/lock",
      fmt::format("gatehouse run since {}", to_rfc3339(context.effects.clock.now())));
  if (!lock) return fail(lock.error());
  opened.lock = std::move(*lock);
  auto journal = open_journal(state, JournalMode::write);
  if (!journal) return fail(journal.error());
  opened.journal = std::move(*journal);
  return opened;
}

}  // namespace

int run_run(const RunOptions& options, Context& context) {
  if (const auto refused = refuse_waivers(options, context.console)) return *refused;
  SiteSession session(context);
  if (const auto stopped = session.open()) return *stopped;
  if (!options.has_consent && context.environment.lab.empty()) {
    const std::string model = session.inputs().site.juju.model;
    if (!context.console.confirm(fmt::format("deploy {} into model {} of controller {}",
                                             session.inputs().site.bundle, model,
                                             session.inputs().site.juju.controller))) {
      context.console.talk("nothing was done; --yes runs without asking\n");
      return kExitInput;
    }
  }
  const std::string state = session.state_folder();
  auto opened = open_state(state, context);
  if (!opened) return tell_error(context.console, opened.error());
  const auto run = new_run_id(context.effects);
  if (!run) return tell_error(context.console, run.error());
  const std::string folder = state + "/runs/" + *run;
  auto staged = context.effects.files.make_folder(folder + "/stage", 0700);
  if (staged) staged = stage_inputs(session.inputs(), folder + "/stage", context.effects.files);
  if (!staged) return tell_error(context.console, staged.error());
  if (const auto stopped = session.open_stage(folder + "/stage")) return *stopped;
  const bool takes_up_model = has_doubtful_model(*opened->journal);
  return drive(options,
               {.run = *run, .folder = folder, .past = {}, .takes_up_model = takes_up_model},
               session, *opened->journal, context);
}

int run_resume(const std::string& asked, const RunOptions& options, Context& context) {
  if (const auto refused = refuse_waivers(options, context.console)) return *refused;
  SiteSession session(context);
  if (const auto stopped = session.open()) return *stopped;
  const std::string state = session.state_folder();
  auto opened = open_state(state, context);
  if (!opened) return tell_error(context.console, opened.error());
  const auto run = find_run(*opened->journal, asked);
  if (!run) return tell_error(context.console, run.error());
  auto events = opened->journal->events_of(*run);
  if (!events) return tell_error(context.console, events.error());
  const RunView view = fold(*events);
  if (has_all_steps(*events, *all_phases().front())) {
    context.console.talk(fmt::format("run {} is complete\n", *run));
    return kExitHolds;
  }
  const std::string folder = state + "/runs/" + *run;
  const json::array before = inputs_json(session.inputs());
  if (const auto stopped = session.open_stage(folder + "/stage")) {
    context.console.talk(fmt::format("run {} cannot be resumed: its staged copy is gone\n", *run));
    return *stopped;
  }
  const json::array now = inputs_json(session.inputs());
  const json::array* journalled = find_array(view.about, "inputs");
  if (!journalled || *journalled != now) {
    context.console.talk(
        "error: the staged copy is not what the run began with\n"
        "  = help: begin anew with gatehouse run\n");
    return kExitInput;
  }
  if (before != now) {
    context.console.talk(
        "warning: the site's files changed since the run began; it goes on with "
        "the copies it was begun with\n");
  }
  return drive(options, {.run = *run, .folder = folder, .past = std::move(*events)}, session,
               *opened->journal, context);
}

}  // namespace gatehouse::cli
