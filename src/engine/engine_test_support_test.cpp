#include "engine/engine_test_support.h"

#include <fmt/format.h>

namespace gatehouse::engine_test {

namespace {

// Pops the next answer but keeps the last one for ever.
template <class T>
T next(std::deque<T>& answers) {
  T answer = answers.front();
  if (answers.size() > 1) answers.pop_front();
  return answer;
}

Verdict answer(const std::string& gate) {
  auto& rulings = script().rulings[gate];
  if (rulings.empty()) rulings.push_back(Ruling::pass);
  Check check{"subject of " + gate, "expected", "observed", next(rulings)};
  check.help = "help of " + gate;
  return conclude({check});
}

constexpr FactKey kStatus[] = {FactKey::model_status};
constexpr FactKey kModels[] = {FactKey::juju_models};

constexpr Gate kBefore{.id = "before", .question = "q", .source = "s", .judge = [](const Case&) {
                         return answer("before");
                       }};
constexpr Gate kGuard{
    .id = "guard", .question = "q", .source = "s", .needs = kModels, .judge = [](const Case&) {
      return answer("guard");
    }};
constexpr Gate kHold{
    .id = "hold", .question = "q", .source = "s", .needs = kStatus, .judge = [](const Case&) {
      return answer("hold");
    }};
constexpr Gate kAbort{
    .id = "abort", .question = "q", .source = "s", .needs = kStatus, .judge = [](const Case&) {
      return answer("abort");
    }};
constexpr Gate kLatch{
    .id = "latch", .question = "q", .source = "s", .needs = kStatus, .judge = [](const Case&) {
      return answer("latch");
    }};
constexpr Gate kExit{
    .id = "exit", .question = "q", .source = "s", .needs = kStatus, .judge = [](const Case&) {
      return answer("exit");
    }};
constexpr Gate kAbsent{.id = "absent",
                       .question = "q",
                       .source = "s",
                       .applies = [](const Inputs&) { return false; },
                       .judge = [](const Case&) { return answer("absent"); }};

constexpr Gate kRest{
    .id = "rest", .question = "q", .source = "s", .needs = kModels, .judge = [](const Case&) {
      return answer("rest");
    }};

constexpr const Gate* kFirst[] = {&kBefore, &kAbsent};
constexpr const Gate* kGuards[] = {&kGuard};
constexpr const Gate* kRests[] = {&kRest};
constexpr const Gate* kHolds[] = {&kHold};
constexpr const Gate* kAborts[] = {&kAbort};
constexpr const Gate* kLatches[] = {&kLatch};
constexpr const Gate* kExits[] = {&kExit};

json::object identity(const Inputs&, const Facts&) {
  if (!script().is_identity_seen) return {};
  if (script().uuid.empty()) return json::object{{"uuid", nullptr}};
  return json::object{{"uuid", script().uuid}};
}

const Step kSteps[] = {
    {.id = "look", .title = "Look", .source = "1", .exit_gates = kFirst},
    {.id = "act",
     .title = "Act",
     .source = "2",
     .guards = kGuards,
     .effect = StepEffect{
         .name = "change",
         .argv =
             [](const Inputs&, const Questions&) {
               return std::vector<std::string>{"change", "the", "world"};
             },
         .landed_needs = kModels,
         .landed =
             [](const Inputs&, const Plan&, const Facts&) {
               Script& now = script();
               const bool is_later = now.was_started && !now.landed_later.empty();
               Sight sight{.landed = is_later ? next(now.landed_later) : now.landed};
               if (sight.landed == Landed::unknown) sight.error = fail(now.unseen, "away").value();
               return sight;
             },
         .identity = identity,
         .continuation =
             Continuation{.name = "rest",
                          .prepare = [](const Inputs&, const Plan&, const Facts&,
                                        Questions& questions) { questions.map_machines = "a=0"; },
                          .needs = kModels,
                          .is_nothing_left = [](const Facts&) { return script().is_nothing_left; },
                          .guards = kRests,
                          .argv =
                              [](const Inputs&, const Questions& questions) {
                                return std::vector<std::string>{"do", "the", "rest",
                                                                questions.map_machines};
                              }},
         .was_refused =
             [](std::string_view said) { return said.find("already exists") != said.npos; }},
     .way_out = WayOut{.needs = kModels,
                       .words =
                           [](const Inputs&, const Facts&, const json::object& made) {
                             return "way out of " + string_or_empty(made, "uuid");
                           }}},
    {.id = "wait",
     .title = "Wait",
     .source = "3",
     .settle = StepSettle{.hold = kHolds,
                          .abort = kAborts,
                          .latch = kLatches,
                          .identity_needs = kModels,
                          .identity = identity},
     .exit_gates = kExits},
};

const Phase kPhase{.id = "phase", .title = "Phase", .steps = kSteps, .adopt_from = "wait"};

void collect(std::span<const FactKey> wanted, const Questions&, Effects& effects, Facts& facts) {
  ++script().collected;
  if (script().look_takes.count() > 0) (void)effects.clock.wait(script().look_takes);
  for (const FactKey key : wanted) {
    if (key != FactKey::model_status) continue;
    auto& sights = script().sights;
    if (sights.empty()) sights.push_back(script().is_observed);
    if (!next(sights)) {
      facts.model_status =
          Observation<ModelStatus>::failed(fail(script().unseen, "away").value(), {});
      facts.history = with_gap(std::move(facts.history), effects.clock.now());
      continue;
    }
    ModelStatus status;
    auto& messages = script().messages;
    if (messages.empty()) messages.emplace_back("ready");
    status.units["a/0"] = UnitStatus{.name = "a/0",
                                     .application = "a",
                                     .machine = "0",
                                     .principal = "",
                                     .workload = {"active", next(messages), ""},
                                     .agent = {"idle", "", ""},
                                     .public_address = ""};
    facts.history = with_sample(std::move(facts.history), status, effects.clock.now());
    facts.model_status = Observation<ModelStatus>::seen(std::move(status), {});
  }
}

const FactSource kSource{.keys = {FactKey::juju_models, FactKey::model_status}, .collect = collect};

}  // namespace

Script& script() {
  static Script the_script;
  return the_script;
}

Result<Event> MemoryJournal::append(const std::string& run, Moment at, std::string kind,
                                    json::object body) {
  if (appends_left == 0) return fail(ErrorKind::io, "disk full");
  --appends_left;
  Event event;
  event.run = run;
  event.sequence = static_cast<std::int64_t>(events.size()) + 1;
  event.at = at;
  event.kind = std::move(kind);
  event.body = std::move(body);
  events.push_back(event);
  return event;
}

WaitEnd HandClock::wait(Milliseconds duration) {
  time += duration;
  if (time >= interrupt_at) interrupted = true;
  return interrupted ? WaitEnd::interrupted : WaitEnd::reached;
}

std::vector<Result<ProcessResult>> FakeProcesses::run(std::span<const Command>, std::size_t) {
  return {};
}

Result<ChildId> FakeProcesses::start_detached(const DetachedCommand& command) {
  started.push_back(command.argv);
  script().was_started = true;
  return ChildId{.pid = 4711, .start_ticks = 1};
}

Result<ChildState> FakeProcesses::state_of(const ChildId&, const std::string&) {
  if (states.empty() && started.empty()) return ChildState{};
  if (states.empty()) states.push_back({.is_running = false, .exit_code = 0});
  return next(states);
}

Result<Secret> FakeFiles::read_secret(const std::string&, std::size_t) {
  return fail(ErrorKind::not_found, "none");
}

Result<FileInfo> FakeFiles::info(const std::string& path) {
  const auto found = contents.find(path);
  if (found == contents.end()) return fail(ErrorKind::not_found, "none");
  return FileInfo{.mode = 0600, .size = found->second.size(), .is_ours = true};
}

Result<std::vector<std::string>> FakeFiles::list(const std::string&) {
  return std::vector<std::string>{};
}

Result<std::unique_ptr<FileLock>> FakeFiles::lock(const std::string&, const std::string&) {
  if (held == 0) return fail(lock_error, "none");
  --held;
  return fail(ErrorKind::conflict, "held");
}

World::World() {
  script() = {};
  inputs.site.settled.deadline = std::chrono::hours(1);
  inputs.site.settled.dwell = std::chrono::minutes(5);
  inputs.site.settled.interval = std::chrono::seconds(15);
}

Result<RunOutcome> World::run() {
  static constexpr const FactSource* kSources[] = {&kSource};
  const RunRequest request{.phase = kPhase,
                           .inputs = inputs,
                           .plan = &plan,
                           .questions = questions,
                           .sources = kSources,
                           .run = "run",
                           .folder = "/state/runs/run",
                           .about = {{"site", "test"}},
                           .waivers = waivers,
                           .until = until,
                           .model_use = model_use,
                           .past = past,
                           .verify_inputs = verify_inputs,
                           .beginning = beginning,
                           .redactor = &redactor};
  return run_phase(request, effects, journal, [](const Event&) {});
}

std::vector<std::string> World::kinds() const {
  std::vector<std::string> kinds;
  for (const Event& event : journal.events) kinds.push_back(event.kind);
  return kinds;
}

std::size_t World::count(std::string_view kind) const {
  const auto is_one = [&](const Event& event) { return event.kind == kind; };
  return static_cast<std::size_t>(
      std::count_if(journal.events.begin(), journal.events.end(), is_one));
}

std::string World::last(std::string_view kind, std::string_view member) const {
  for (auto event = journal.events.rbegin(); event != journal.events.rend(); ++event) {
    if (event->kind == kind) return string_or_empty(event->body, member);
  }
  return {};
}

Event past_event(std::int64_t sequence, std::string_view kind, json::object body) {
  Event event;
  event.run = "run";
  event.sequence = sequence;
  event.kind = std::string(kind);
  event.body = std::move(body);
  return event;
}

std::vector<Event> cut_off_past() {
  return {
      past_event(1, event_kind::kRunStarted, {}),
      past_event(2, event_kind::kStepFinished, {{"step", "look"}, {"end", "holds"}}),
      past_event(3, event_kind::kIntent,
                 {{"step", "act"}, {"effect", "change"}, {"folder", "/state/runs/run/change"}})};
}

}  // namespace gatehouse::engine_test
