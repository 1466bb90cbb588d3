// How much of an effect the world shows, and what follows from it: after a command of this process,
// after one of a former try, and of what was done by hand.
#include <fmt/format.h>

#include "base/text.h"
#include "engine/phase_run.h"

namespace gatehouse {

namespace {

constexpr Milliseconds kPatience = std::chrono::minutes(15);
constexpr Milliseconds kPause = std::chrono::seconds(30);

std::string_view to_word(Landed landed) {
  switch (landed) {
    case Landed::none:
      return "none";
    case Landed::partly:
      return "partly";
    case Landed::whole:
      return "whole";
    case Landed::unknown:
      return "unknown";
  }
  return "unknown";
}

std::string why(const Sight& sight) {
  return sight.error ? ": " + to_string(*sight.error) : "";
}

json::object body_of(const Step& step, const Sight& sight) {
  json::object body{{"step", std::string(step.id)}, {"landed", std::string(to_word(sight.landed))}};
  if (sight.error) body["error"] = to_string(*sight.error);
  return body;
}

}  // namespace

std::string PhaseRun::look_at_help() const {
  return fmt::format("look at `juju status -m {}:{}` and at {}, then run gatehouse resume",
                     request_.questions.controller, request_.questions.model, request_.folder);
}

Sight PhaseRun::look(const Step& step) {
  const Facts& facts = collector_.refresh(step.effect->landed_needs, Milliseconds(0));
  return request_.plan ? step.effect->landed(request_.inputs, *request_.plan, facts) : Sight{};
}

Result<void> PhaseRun::record_landed(const Step& step, const Sight& sight, json::object body) {
  for (auto& member : body_of(step, sight)) body[member.key()] = member.value();
  if (step.effect->identity) {
    json::object identity = step.effect->identity(request_.inputs, collector_.facts());
    if (made_.empty() && sight.landed == Landed::whole) made_ = identity;
    body["identity"] = std::move(identity);
  }
  return record(event_kind::kLanded, std::move(body));
}

// A controller that took everything may list the last of it a little later, and one that is busy
// with it may not answer at once.
Result<Sight> PhaseRun::await_landed(const Step& step) {
  const Milliseconds began = effects_.clock.monotonic();
  std::optional<Landed> told;
  int times_not_found = 0;
  for (;;) {
    Sight sight = look(step);
    if (effects_.clock.is_interrupted()) break;
    const auto is_of = [&](ErrorKind kind) { return sight.error && sight.error->kind == kind; };
    times_not_found = is_of(ErrorKind::not_found) ? times_not_found + 1 : 0;
    // What is refused, or not there, does not come by waiting.
    const bool may_come = sight.landed != Landed::whole && !is_of(ErrorKind::denied) &&
                          times_not_found < kNotFoundMax;
    const bool is_asked_again = may_come && effects_.clock.monotonic() - began < kPatience;
    if (sight.landed != told || !is_asked_again) {
      json::object body;
      if (is_asked_again) body["is_asked_again"] = true;
      auto recorded = record_landed(step, sight, std::move(body));
      if (!recorded) return fail(recorded.error());
    }
    if (!is_asked_again) return sight;
    told = sight.landed;
    if (effects_.clock.wait(kPause) == WaitEnd::interrupted) break;
  }
  return fail(ErrorKind::interrupted,
              fmt::format("interrupted before the world showed {} whole", step.effect->name));
}

// The command said that it is done; the world must say so too.
Result<RunOutcome> PhaseRun::confirm_landed(const Step& step) {
  const auto sight = await_landed(step);
  return sight ? Result<RunOutcome>(confirmed(step, *sight)) : ended_by(sight.error());
}

RunOutcome PhaseRun::confirmed(const Step& step, const Sight& sight) const {
  if (sight.landed == Landed::whole) return {.end = RunEnd::holds, .reason = {}, .help = {}};
  return {.end = RunEnd::in_doubt,
          .reason = fmt::format("step {}: {} ended, but the world shows it {}{}", step.id,
                                step.effect->name, to_word(sight.landed), why(sight)),
          .help = look_at_help()};
}

Result<RunOutcome> PhaseRun::adopt(const Step& step) {
  auto recorded = record(event_kind::kAdopted, {{"step", std::string(step.id)}});
  if (!recorded) return fail(recorded.error());
  if (!step.effect) return RunOutcome{.end = RunEnd::holds, .reason = {}, .help = {}};
  const Sight sight = look(step);
  if (recorded = record_landed(step, sight, {{"observed", true}}); !recorded) {
    return fail(recorded.error());
  }
  // What was done in part by hand may still be on its way: the watch tells what is missing.
  if (sight.landed == Landed::whole || sight.landed == Landed::partly) {
    return RunOutcome{.end = RunEnd::holds, .reason = {}, .help = {}};
  }
  return RunOutcome{
      .end = sight.landed == Landed::none ? RunEnd::fails : RunEnd::unknown,
      .reason = fmt::format("step {}: nothing to adopt: {} {}{}", step.id, step.effect->name,
                            sight.landed == Landed::none ? "was not done" : "cannot be observed",
                            why(sight)),
      .help = look_at_help()};
}

// An intent of a former try: first its child, then the world is asked. Whatever its exit code was,
// nothing is done a second time before the world denies the first.
Result<std::optional<RunOutcome>> PhaseRun::finish_former_effect(const Step& step) {
  const Event* intent = past_event(event_kind::kIntent, step.id);
  if (!intent) return std::optional<RunOutcome>();
  const Begun begun{.name = string_or_empty(intent->body, "effect"),
                    .folder = string_or_empty(intent->body, "folder")};
  const auto some = [](Result<RunOutcome> outcome) -> Result<std::optional<RunOutcome>> {
    if (!outcome) return fail(outcome.error());
    return std::optional(std::move(*outcome));
  };
  const Event* outcome = past_event(event_kind::kOutcome, step.id);
  const bool is_finished = outcome && outcome->sequence > intent->sequence;
  // Then what the world shows is not of this run: the guards say what to make of it.
  const bool was_refused = is_finished && step.effect->was_refused &&
                           find_integer(outcome->body, "exit_code").value_or(0) != 0 &&
                           step.effect->was_refused(string_or_empty(outcome->body, "stderr"));
  if (was_refused) return std::optional<RunOutcome>();
  if (!is_finished) {
    auto finished = finish_former_child(step, begun);
    if (!finished || *finished) return finished;
  }
  // Nothing is left to do then; it is seen, or listed, a little later.
  if (is_finished && find_integer(outcome->body, "exit_code") == 0) {
    const auto seen = await_landed(step);
    if (!seen) return some(ended_by(seen.error()));
    // It was taken away since: the guards say whether it may be made anew.
    if (seen->landed == Landed::none) return std::optional<RunOutcome>();
    return std::optional(confirmed(step, *seen));
  }
  const auto sight = observe_landed(step);
  if (!sight) return some(ended_by(sight.error()));
  if (sight->landed == Landed::none) return std::optional<RunOutcome>();
  if (sight->landed == Landed::partly && step.effect->continuation) {
    return some(continue_effect(step));
  }
  if (sight->landed != Landed::whole) return std::optional(doubt(step, *sight));
  if (!is_finished) {
    auto recorded =
        record(event_kind::kOutcome,
               {{"step", std::string(step.id)}, {"effect", begun.name}, {"reconciled", true}});
    if (!recorded) return fail(recorded.error());
  }
  return some(confirm_landed(step));
}

// A child that lives is followed to its end, and the exit code that one left is heard. Nothing
// where neither is there.
Result<std::optional<RunOutcome>> PhaseRun::finish_former_child(const Step& step,
                                                                const Begun& begun) {
  ChildId child;
  const Event* started = past_event(event_kind::kChildStarted, step.id);
  if (started && string_or_empty(started->body, "folder") == begun.folder) {
    child = {.pid = static_cast<int>(find_integer(started->body, "pid").value_or(0)),
             .start_ticks = static_cast<std::uint64_t>(
                 find_integer(started->body, "start_ticks").value_or(0))};
  }
  const auto has_word = [&] {
    const auto state = effects_.processes.state_of(child, begun.folder + "/exit");
    return state && (state->is_running || state->exit_code);
  };
  if (!has_word()) {
    if (auto stopped = await_unknown_child(step, begun)) return stopped;
    if (!has_word()) return std::optional<RunOutcome>();
  }
  auto followed = follow_child(step, child, begun);
  if (!followed) return fail(followed.error());
  return std::optional(std::move(*followed));
}

// We may have been killed between the start of a child and its record. It holds the lock of its
// folder as long as it lives: nothing is asked of the world before, and nothing begun again.
std::optional<RunOutcome> PhaseRun::await_unknown_child(const Step& step, const Begun& begun) {
  for (;;) {
    const auto lock = effects_.files.lock(begun.folder + "/lock", "gatehouse resume");
    if (lock || lock.error().kind == ErrorKind::not_found) return std::nullopt;
    if (lock.error().kind != ErrorKind::conflict) {
      return doubt(step, {.landed = Landed::unknown, .error = lock.error()});
    }
    if (effects_.clock.wait(std::chrono::seconds(1)) == WaitEnd::reached) continue;
    return RunOutcome{.end = RunEnd::interrupted,
                      .reason = fmt::format("interrupted while {} runs on", begun.name),
                      .help = "gatehouse resume"};
  }
}

Result<Sight> PhaseRun::observe_landed(const Step& step) {
  Sight sight = look(step);
  if (effects_.clock.is_interrupted()) {
    return fail(ErrorKind::interrupted, fmt::format("interrupted in step {}", step.id));
  }
  auto recorded = record(event_kind::kReconciled, body_of(step, sight));
  if (!recorded) return fail(recorded.error());
  return sight;
}

RunOutcome PhaseRun::doubt(const Step& step, const Sight& sight) const {
  const std::string_view word =
      sight.landed == Landed::partly  ? "was done in part"
      : sight.landed == Landed::none  ? "was begun, and the world shows nothing"
      : sight.landed == Landed::whole ? "was done in whole, by what the world shows"
                                      : "was begun; how far cannot be told";
  return {.end = RunEnd::in_doubt,
          .reason = fmt::format("step {}: {} {}{}", step.id, step.effect->name, word, why(sight)),
          .help = look_at_help()};
}

}  // namespace gatehouse
