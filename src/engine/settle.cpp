// The wait for the declared state: a sample at each interval, every gate judged anew on each.
#include <algorithm>

#include <fmt/format.h>

#include "engine/phase_run.h"

namespace gatehouse {

struct PhaseRun::SettleState {
  Milliseconds began{0};
  ModelStatus before;
  std::map<std::string, Ruling> shown;  ///< the last recorded ruling of each gate
  std::vector<Verdict> hold;
  bool was_observed = false;
  Milliseconds held_since{-1};
};

namespace {}  // namespace

Result<RunOutcome> PhaseRun::settle(const Step& step) {
  const Settled& declared = request_.inputs.site.settled;
  SettleState state;
  state.began = effects_.clock.monotonic();
  for (;;) {
    const Milliseconds sampled = effects_.clock.monotonic();
    auto end = take_sample(step, state);
    if (!end) return fail(end.error());
    if (*end) return finish_settle(step, state, **end);
    const Milliseconds now = effects_.clock.monotonic();
    if (now - state.began > declared.deadline) {
      RunOutcome late = outcome_of(state.hold, step);
      late.end = state.was_observed ? RunEnd::fails : RunEnd::unknown;
      late.reason = fmt::format("not settled after {}: {}", to_words(declared.deadline),
                                late.reason.empty() ? "the model did not keep still" : late.reason);
      return finish_settle(step, state, std::move(late));
    }
    // Never faster than a sample takes, so that a slow controller is not asked twice at once.
    const Milliseconds pause = std::max(declared.interval - (now - sampled), now - sampled);
    if (effects_.clock.wait(pause) == WaitEnd::interrupted) {
      return RunOutcome{.end = RunEnd::interrupted,
                        .reason = "interrupted while the model settles",
                        .help = "gatehouse resume"};
    }
  }
}

Result<std::optional<RunOutcome>> PhaseRun::take_sample(const Step& step, SettleState& state) {
  const Settled& declared = request_.inputs.site.settled;
  collector_.forget_before_effect();
  constexpr FactKey kStatus[] = {FactKey::model_status};
  const ModelStatus* status = collector_.refresh(kStatus, declared.interval).model_status.value();
  if (status) {
    state.was_observed = true;
    if (!(*status == state.before)) {
      if (auto recorded = record(event_kind::kSample, sample_body(state.before, *status));
          !recorded) {
        return fail(recorded.error());
      }
      state.before = *status;
    }
  }
  const auto keep = [&](std::span<const Verdict> verdicts,
                        std::string_view purpose) -> Result<void> {
    for (const Verdict& verdict : verdicts) {
      const auto [shown, is_new] =
          state.shown.try_emplace(fmt::format("{} {}", purpose, verdict.gate), verdict.ruling);
      if (!is_new && shown->second == verdict.ruling) continue;
      shown->second = verdict.ruling;
      if (auto recorded = record_verdict(verdict, step, purpose); !recorded) return recorded;
    }
    return {};
  };
  const auto abort = judge_quietly(step.settle->abort, declared.interval);
  if (auto kept = keep(abort, "abort"); !kept) return fail(kept.error());
  for (const Verdict& verdict : abort) {
    if (verdict.ruling == Ruling::fail && !is_waived(verdict.gate)) {
      return std::optional(outcome_of(std::span(&verdict, 1), step));
    }
  }
  const auto latch = judge_quietly(step.settle->latch, declared.interval);
  if (auto kept = keep(latch, "latch"); !kept) return fail(kept.error());
  for (const Verdict& verdict : latch) {
    const bool is_known =
        std::find(latched_.begin(), latched_.end(), verdict.gate) != latched_.end();
    if (verdict.ruling != Ruling::fail || is_known || is_waived(verdict.gate)) continue;
    latched_.push_back(verdict.gate);
    if (auto recorded =
            record(event_kind::kLatched, {{"step", std::string(step.id)}, {"gate", verdict.gate}});
        !recorded) {
      return fail(recorded.error());
    }
  }
  state.hold = judge_quietly(step.settle->hold, declared.interval);
  if (auto kept = keep(state.hold, "hold"); !kept) return fail(kept.error());
  const Milliseconds now = effects_.clock.monotonic();
  // A waived gate does not keep the wait from ending; that it did not hold stays with the run.
  const bool holds = !state.hold.empty() && outcome_of(state.hold, step).end == RunEnd::holds;
  if (!holds) {
    state.held_since = Milliseconds(-1);
    return std::optional<RunOutcome>();
  }
  if (state.held_since.count() < 0) state.held_since = now;
  const Facts& facts = collector_.facts();
  const bool is_still = facts.history.newest - facts.history.changed >= declared.dwell;
  if (!is_still || now - state.held_since < declared.dwell) return std::optional<RunOutcome>();
  return std::optional(RunOutcome{.end = RunEnd::holds, .reason = {}, .help = {}});
}

Result<RunOutcome> PhaseRun::finish_settle(const Step& step, SettleState& state,
                                           RunOutcome outcome) {
  const Milliseconds took = effects_.clock.monotonic() - state.began;
  auto recorded = record(event_kind::kSettled, {{"step", std::string(step.id)},
                                                {"settled", outcome.end == RunEnd::holds},
                                                {"seconds", took.count() / 1000},
                                                {"reason", outcome.reason}});
  if (!recorded) return fail(recorded.error());
  if (outcome.end != RunEnd::holds) {
    for (const Verdict& verdict : state.hold) {
      if (verdict.ruling == Ruling::pass) continue;
      if (auto kept = record_verdict(verdict, step, "hold"); !kept) return fail(kept.error());
    }
  }
  return outcome;
}

}  // namespace gatehouse
