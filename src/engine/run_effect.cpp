// The one place that changes the world: a recorded intent, a child that outlives us, its outcome.
#include <fmt/format.h>

#include "base/text.h"
#include "engine/phase_run.h"

namespace gatehouse {

namespace {

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

RunOutcome in_doubt(std::string reason, std::string help) {
  return {.end = RunEnd::in_doubt, .reason = std::move(reason), .help = std::move(help)};
}

// Together a quarter of an hour.
constexpr int kLandedLateTries = 30;
constexpr Milliseconds kLandedLatePause{30'000};

std::string look_at_help(const RunRequest& request) {
  return fmt::format("look at `juju status -m {}:{}` and at {}, then run gatehouse resume",
                     request.questions.controller, request.questions.model, request.folder);
}

}  // namespace

// What may not be, whatever the guards said: other bytes than those judged, or another thing under
// the name of what this run made.
Result<std::optional<RunOutcome>> PhaseRun::refuse_effect(const Step& step) {
  if (request_.verify_inputs) {
    if (auto same = request_.verify_inputs(); !same) {
      return std::optional(
          RunOutcome{.end = RunEnd::fails,
                     .reason = fmt::format("step {}: {}", step.id, to_string(same.error())),
                     .help = same.error().help});
    }
  }
  if (made_.empty() || !step.effect->identity) return std::optional<RunOutcome>();
  const json::object now = step.effect->identity(request_.inputs, collector_.facts());
  for (const auto& member : made_) {
    const json::value* seen = now.if_contains(member.key());
    if (seen && *seen == member.value()) continue;
    return std::optional(RunOutcome{
        .end = seen ? RunEnd::fails : RunEnd::unknown,
        .reason = fmt::format("step {}: what this run made is not what is there now: {} was {}, "
                              "observed {}",
                              step.id, std::string(member.key()), json::serialize(member.value()),
                              seen ? json::serialize(*seen) : "nothing"),
        .help = look_at_help(request_)});
  }
  return std::optional<RunOutcome>();
}

Result<RunOutcome> PhaseRun::perform_effect(const Step& step) {
  const auto refused = refuse_effect(step);
  if (!refused) return fail(refused.error());
  if (*refused) return **refused;
  if (request_.model_use == ModelUse::may_be_empty) {
    const auto taken_up = take_up(step);
    if (!taken_up) return fail(taken_up.error());
    if (*taken_up) return confirm_landed(step);
  }
  return start_child(step, {.name = step.effect->name,
                            .argv = step.effect->argv(request_.inputs, collector_.questions())});
}

Result<RunOutcome> PhaseRun::continue_effect(const Step& step) {
  const Continuation& rest = *step.effect->continuation;
  const Facts& facts = collector_.refresh(step.effect->landed_needs, Milliseconds(0));
  rest.prepare(request_.inputs, *request_.plan, facts, collector_.questions());
  collector_.forget_before_effect();
  auto outcome = judge_guards(rest.guards, step);
  if (!outcome || outcome->end != RunEnd::holds) return outcome;
  const auto refused = refuse_effect(step);
  if (!refused) return fail(refused.error());
  if (*refused) return **refused;
  return start_child(
      step, {.name = rest.name, .argv = rest.argv(request_.inputs, collector_.questions())});
}

// Where the operator, or a doubtful intent of an earlier run, allows it, what the effect would make
// may be there already.
Result<bool> PhaseRun::take_up(const Step& step) {
  const bool is_there = request_.plan && step.effect->landed(request_.inputs, *request_.plan,
                                                             collector_.facts()) == Landed::whole;
  if (!is_there) return false;
  auto recorded = record(event_kind::kOutcome, {{"step", std::string(step.id)},
                                                {"effect", std::string(step.effect->name)},
                                                {"taken_up", true}});
  if (!recorded) return fail(recorded.error());
  return true;
}

Result<RunOutcome> PhaseRun::start_child(const Step& step, EffectCommand effect) {
  // The output of an earlier try stays as evidence; each try has a folder of its own.
  const std::string first = fmt::format("{}/{}", request_.folder, effect.name);
  std::string own = first;
  for (int again = 2; effects_.files.info(own); ++again) own = fmt::format("{}-{}", first, again);
  if (auto made = effects_.files.make_folder(own, 0700); !made) return fail(made.error());
  auto recorded =
      record(event_kind::kIntent, {{"step", std::string(step.id)},
                                   {"effect", std::string(effect.name)},
                                   {"argv", json::array(effect.argv.begin(), effect.argv.end())},
                                   {"folder", own}});
  if (!recorded) return fail(recorded.error());
  const DetachedCommand command{.argv = std::move(effect.argv),
                                .directory = own,
                                .environment = {{"NO_COLOR", "1"}},
                                .out_file = own + "/stdout",
                                .err_file = own + "/stderr",
                                .exit_file = own + "/exit",
                                .lock_file = own + "/lock"};
  auto child = effects_.processes.start_detached(command);
  collector_.forget_before_effect();
  if (!child) {
    recorded = record(event_kind::kOutcome, {{"step", std::string(step.id)},
                                             {"effect", std::string(effect.name)},
                                             {"error", to_string(child.error())}});
    if (!recorded) return fail(recorded.error());
    return in_doubt(fmt::format("step {}: {}", step.id, to_string(child.error())),
                    child.error().help);
  }
  if (made_.empty()) is_made_by_us_ = true;
  recorded = record(event_kind::kChildStarted, {{"step", std::string(step.id)},
                                                {"pid", child->pid},
                                                {"start_ticks", child->start_ticks},
                                                {"folder", own}});
  if (!recorded) return fail(recorded.error());
  return follow_child(step, *child, {.name = std::string(effect.name), .folder = own});
}

Result<void> PhaseRun::record_landed(const Step& step, Landed landed, json::object body) {
  body["step"] = std::string(step.id);
  body["landed"] = std::string(to_word(landed));
  if (step.effect->identity) {
    json::object identity = step.effect->identity(request_.inputs, collector_.facts());
    if (made_.empty() && landed == Landed::whole) made_ = identity;
    body["identity"] = std::move(identity);
  }
  return record(event_kind::kLanded, std::move(body));
}

// The command said that it is done; the world must say so too. A controller that took everything
// may list the last of it a little later, and one that is busy with it may not answer at once.
Result<RunOutcome> PhaseRun::confirm_landed(const Step& step) {
  std::optional<Landed> told;
  for (int tries = 0;; ++tries) {
    const Facts& facts = collector_.refresh(step.effect->landed_needs, Milliseconds(0));
    const Landed landed = request_.plan
                              ? step.effect->landed(request_.inputs, *request_.plan, facts)
                              : Landed::unknown;
    const bool may_be_late = landed == Landed::partly || landed == Landed::unknown;
    const bool is_last = !may_be_late || tries == kLandedLateTries;
    if (landed != told) {
      json::object body;
      if (!is_last) body["is_asked_again"] = true;
      auto recorded = record_landed(step, landed, std::move(body));
      if (!recorded) return fail(recorded.error());
    }
    told = landed;
    if (landed == Landed::whole) return RunOutcome{.end = RunEnd::holds, .reason = {}, .help = {}};
    if (is_last) break;
    if (effects_.clock.wait(kLandedLatePause) == WaitEnd::reached) continue;
    return RunOutcome{.end = RunEnd::interrupted,
                      .reason = fmt::format("interrupted while the world shows {} {}",
                                            step.effect->name, to_word(landed)),
                      .help = "gatehouse resume"};
  }
  return in_doubt(fmt::format("step {}: {} ended well, but the world shows it {}", step.id,
                              step.effect->name, to_word(*told)),
                  look_at_help(request_));
}

Result<RunOutcome> PhaseRun::adopt(const Step& step) {
  auto recorded = record(event_kind::kAdopted, {{"step", std::string(step.id)}});
  if (!recorded) return fail(recorded.error());
  if (!step.effect) return RunOutcome{.end = RunEnd::holds, .reason = {}, .help = {}};
  const Facts& facts = collector_.refresh(step.effect->landed_needs, Milliseconds(0));
  const Landed landed =
      request_.plan ? step.effect->landed(request_.inputs, *request_.plan, facts) : Landed::unknown;
  if (recorded = record_landed(step, landed, {{"observed", true}}); !recorded) {
    return fail(recorded.error());
  }
  // What was done in part by hand may still be on its way: the watch tells what is missing.
  if (landed == Landed::whole || landed == Landed::partly) {
    return RunOutcome{.end = RunEnd::holds, .reason = {}, .help = {}};
  }
  return RunOutcome{
      .end = landed == Landed::none ? RunEnd::fails : RunEnd::unknown,
      .reason = fmt::format("step {}: nothing to adopt: {} {}", step.id, step.effect->name,
                            landed == Landed::none ? "was not done" : "cannot be observed"),
      .help = look_at_help(request_)};
}

RunOutcome PhaseRun::with_way_out(const Step& step, RunOutcome outcome) {
  const bool has_stopped = outcome.end == RunEnd::fails || outcome.end == RunEnd::unknown;
  if (!step.way_out || made_.empty() || !is_made_by_us_ || !has_stopped) return outcome;
  const Facts& facts = collector_.refresh(step.way_out->needs, Milliseconds(0));
  const std::string words = step.way_out->words(request_.inputs, facts, made_);
  if (!words.empty()) outcome.help += (outcome.help.empty() ? "" : "; ") + words;
  return outcome;
}

// An intent of a former try: wait for a child that still lives, then ask the world. Whatever its
// exit code was, nothing is done a second time before the world denies the first.
Result<std::optional<RunOutcome>> PhaseRun::finish_former_effect(const Step& step) {
  const Event* intent = past_event(event_kind::kIntent, step.id);
  if (!intent) return std::optional<RunOutcome>();
  const Event* outcome = past_event(event_kind::kOutcome, step.id);
  const Event* started = past_event(event_kind::kChildStarted, step.id);
  const std::string folder = string_or_empty(intent->body, "folder");
  const bool is_finished = outcome && outcome->sequence > intent->sequence;
  if (!is_finished && started && string_or_empty(started->body, "folder") == folder) {
    const ChildId child{.pid = static_cast<int>(find_integer(started->body, "pid").value_or(0)),
                        .start_ticks = static_cast<std::uint64_t>(
                            find_integer(started->body, "start_ticks").value_or(0))};
    const auto state = effects_.processes.state_of(child, folder + "/exit");
    if (state && (state->is_running || state->exit_code)) {
      auto followed = follow_child(
          step, child, {.name = string_or_empty(intent->body, "effect"), .folder = folder});
      if (!followed) return fail(followed.error());
      return std::optional(std::move(*followed));
    }
  }
  if (!is_finished) {
    auto interrupted = await_unknown_child(step, folder);
    if (interrupted) return interrupted;
  }
  const auto landed = observe_landed(step);
  if (!landed) return fail(landed.error());
  if (*landed == Landed::none) return std::optional<RunOutcome>();
  const bool has_ended_well = is_finished && find_integer(outcome->body, "exit_code") == 0;
  // Nothing is left to do then; it is seen, or listed, a little later.
  if (*landed == Landed::partly && !has_ended_well && step.effect->continuation) {
    auto continued = continue_effect(step);
    if (!continued) return fail(continued.error());
    return std::optional(std::move(*continued));
  }
  if (*landed != Landed::whole && !has_ended_well) return std::optional(doubt(step, *landed));
  if (!is_finished) {
    auto recorded = record(event_kind::kOutcome, {{"step", std::string(step.id)},
                                                  {"effect", std::string(step.effect->name)},
                                                  {"reconciled", true}});
    if (!recorded) return fail(recorded.error());
  }
  auto confirmed = confirm_landed(step);
  if (!confirmed) return fail(confirmed.error());
  return std::optional(std::move(*confirmed));
}

// We may have been killed between the start of a child and its record. It holds the lock of its
// folder as long as it lives: nothing is asked of the world before, and nothing begun again.
std::optional<RunOutcome> PhaseRun::await_unknown_child(const Step& step,
                                                        const std::string& folder) {
  for (;;) {
    const auto lock = effects_.files.lock(folder + "/lock", "gatehouse resume");
    if (lock || lock.error().kind != ErrorKind::conflict) return std::nullopt;
    if (effects_.clock.wait(std::chrono::seconds(1)) == WaitEnd::reached) continue;
    return RunOutcome{.end = RunEnd::interrupted,
                      .reason = fmt::format("interrupted while {} runs on", step.effect->name),
                      .help = "gatehouse resume"};
  }
}

Result<Landed> PhaseRun::observe_landed(const Step& step) {
  const Facts& facts = collector_.refresh(step.effect->landed_needs, Milliseconds(0));
  const Landed landed =
      request_.plan ? step.effect->landed(request_.inputs, *request_.plan, facts) : Landed::unknown;
  auto recorded = record(event_kind::kReconciled, {{"step", std::string(step.id)},
                                                   {"landed", std::string(to_word(landed))}});
  if (!recorded) return fail(recorded.error());
  return landed;
}

RunOutcome PhaseRun::doubt(const Step& step, Landed landed) const {
  const std::string_view word = landed == Landed::partly ? "was done in part"
                                : landed == Landed::none ? "was begun, and the world shows nothing"
                                : landed == Landed::whole
                                    ? "was done in whole, by what the world shows"
                                    : "was begun; how far cannot be told";
  return in_doubt(fmt::format("step {}: {} {}", step.id, step.effect->name, word),
                  look_at_help(request_));
}

}  // namespace gatehouse
