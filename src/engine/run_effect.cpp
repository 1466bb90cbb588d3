// The one place that changes the world: a recorded intent, a child that outlives us, its outcome.
#include <fmt/format.h>

#include "base/text.h"
#include "engine/phase_run.h"

namespace gatehouse {

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
  return other_than_made(step, step.effect->identity(request_.inputs, collector_.facts()));
}

std::optional<RunOutcome> PhaseRun::other_than_made(const Step& step,
                                                    const json::object& now) const {
  for (const auto& member : made_) {
    const json::value* seen = now.if_contains(member.key());
    if (seen && *seen == member.value()) continue;
    const std::string observed = !seen             ? "nothing"
                                 : seen->is_null() ? "that it is gone"
                                                   : json::serialize(*seen);
    return RunOutcome{
        .end = seen ? RunEnd::fails : RunEnd::unknown,
        .reason = fmt::format("step {}: what this run made is not what is there now: {} was {}, "
                              "observed {}",
                              step.id, std::string(member.key()), json::serialize(member.value()),
                              observed),
        .help = look_at_help()};
  }
  return std::nullopt;
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
  // All of it may have landed, and only be listed in part.
  const bool is_done =
      rest.is_nothing_left && rest.is_nothing_left(collector_.refresh(rest.needs, Milliseconds(0)));
  if (is_done) return confirm_landed(step);
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
  const bool is_there =
      request_.plan &&
      step.effect->landed(request_.inputs, *request_.plan, collector_.facts()).landed ==
          Landed::whole;
  if (!is_there) return false;
  auto recorded = record(event_kind::kOutcome, {{"step", std::string(step.id)},
                                                {"effect", std::string(step.effect->name)},
                                                {"taken_up", true}});
  if (made_.empty()) is_made_by_us_ = false;
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
    return RunOutcome{.end = RunEnd::in_doubt,
                      .reason = fmt::format("step {}: {}", step.id, to_string(child.error())),
                      .help = child.error().help};
  }
  if (made_.empty()) is_made_by_us_ = true;
  recorded = record(event_kind::kChildStarted, {{"step", std::string(step.id)},
                                                {"pid", child->pid},
                                                {"start_ticks", child->start_ticks},
                                                {"folder", own}});
  if (!recorded) return fail(recorded.error());
  return follow_child(step, *child, {.name = std::string(effect.name), .folder = own});
}

RunOutcome PhaseRun::with_way_out(const Step& step, RunOutcome outcome) {
  const bool has_stopped = outcome.end == RunEnd::fails || outcome.end == RunEnd::unknown;
  if (!step.way_out || made_.empty() || !is_made_by_us_ || !has_stopped) return outcome;
  const Facts& facts = collector_.refresh(step.way_out->needs, Milliseconds(0));
  const std::string words = step.way_out->words(request_.inputs, facts, made_);
  if (!words.empty()) outcome.help += (outcome.help.empty() ? "" : "; ") + words;
  return outcome;
}

}  // namespace gatehouse
