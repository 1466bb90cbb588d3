// The wait for the declared state: a sample at each interval, every gate judged anew on each. It
// ends settled, failed at once, flapping, timed out or not observable, and always says which.
#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "engine/earlier_settles.h"
#include "engine/model_samples.h"
#include "engine/phase_run.h"
#include "engine/waiting_events.h"

namespace gatehouse {

namespace {

constexpr Milliseconds kNever{-1};

std::string result_word(RunEnd end) {
  switch (end) {
    case RunEnd::holds:
      return "settled";
    case RunEnd::interrupted:
      return "interrupted";
    case RunEnd::fails:
    case RunEnd::unknown:
    case RunEnd::in_doubt:
      break;
  }
  return "failed";
}

std::vector<std::string> changed_units(const SampleDifference& difference) {
  std::vector<std::string> names = difference.gone_units;
  for (const auto& [name, look] : difference.units) names.push_back(name);
  return names;
}

std::string first_names(std::vector<std::string> names) {
  constexpr std::size_t kNamesMax = 4;
  const std::size_t more = names.size() > kNamesMax ? names.size() - kNamesMax : 0;
  names.resize(names.size() - more);
  return join(names, ", ") + (more > 0 ? fmt::format(" and {} more", more) : "");
}

}  // namespace

struct PhaseRun::SettleState {
  Milliseconds began{0};
  ModelHistory recorded;                ///< what the journal's samples give when folded
  std::map<std::string, Ruling> shown;  ///< the last recorded ruling of each gate
  std::vector<Verdict> hold;
  Milliseconds held_since = kNever;
  std::size_t times_held = 0;              ///< times that all began to hold at once
  std::vector<std::string> breakers;       ///< units that changed when it last ceased to
  std::vector<std::string> newly_changed;  ///< units, in the newest sample
  WaitingEvents waiting;
  bool is_gap_told = false;
  int times_not_found = 0;        ///< in a row
  bool is_identity_seen = false;  ///< what is waited for was seen to be what the run made
  std::vector<Verdict> latch;
  Lookups lookups;             ///< as last told
  bool is_confirming = false;  ///< names are asked anew, now that all else holds
};

Result<RunOutcome> PhaseRun::settle(const Step& step) {
  const Settled& declared = request_.inputs.site.settled;
  SettleState state;
  state.began = effects_.clock.monotonic();
  state.recorded = collector_.facts().history;
  state.waiting.set_earlier(earlier_settles(journal_, request_.run, step.id));
  for (;;) {
    const Milliseconds sampled = effects_.clock.monotonic();
    auto end = take_sample(step, state);
    if (!end) return fail(end.error());
    if (*end) return finish_settle(step, state, **end, result_word((*end)->end));
    const Milliseconds now = effects_.clock.monotonic();
    if (now - state.began > declared.deadline) return give_up(step, state);
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
  if (auto seen = observe_model(step, state); !seen) return fail(seen.error());
  if (state.times_not_found >= kNotFoundMax) {
    return std::optional(RunOutcome{
        .end = RunEnd::unknown,
        .reason = "there is nothing to wait for: " + collector_.facts().model_status.why_unknown(),
        .help = look_at_help()});
  }
  if (!state.is_identity_seen) {
    auto other = judge_identity(step, state, request_.inputs.site.settled.interval);
    if (!other || *other) return other;
  }
  auto failed = judge_abort(step, state);
  if (!failed || *failed) return failed;
  if (auto latched = judge_latch(step, state); !latched) return fail(latched.error());
  state.hold = judge_quietly(step.settle->hold, request_.inputs.site.settled.interval);
  if (auto kept = keep_changes(state.hold, step, "hold", state.shown); !kept) {
    return fail(kept.error());
  }
  if (auto told = tell_waiting(step, state); !told) return fail(told.error());
  if (!has_dwelt(step, state)) {
    state.is_confirming = state.is_confirming && state.held_since != kNever;
    return std::optional<RunOutcome>();
  }
  // A name that resolved when its machine came up may no longer: the last word is a fresh one.
  if (!state.is_confirming && !step.settle->latch.empty()) {
    state.is_confirming = true;
    collector_.questions().lookups_not_before = effects_.clock.now();
    return take_sample(step, state);
  }
  if (!is_decided(state.latch)) return std::optional<RunOutcome>();
  auto other = judge_identity(step, state, Milliseconds(0));
  if (!other || *other || !state.is_identity_seen) return other;
  return std::optional(RunOutcome{.end = RunEnd::holds, .reason = {}, .help = {}});
}

// That a model of the name settles says nothing where it is not the one that this run made. What is
// not seen is asked again.
Result<std::optional<RunOutcome>> PhaseRun::judge_identity(const Step& step, SettleState& state,
                                                           Milliseconds age_max) {
  state.is_identity_seen = made_.empty() || !step.settle->identity;
  if (state.is_identity_seen) return std::optional<RunOutcome>();
  const Facts& facts = collector_.refresh(step.settle->identity_needs, age_max);
  auto other = other_than_made(step, step.settle->identity(request_.inputs, facts));
  state.is_identity_seen = !other;
  if (other && other->end == RunEnd::fails) return other;
  return std::optional<RunOutcome>();
}

// A sample is recorded where it changed anything, and the first one after a time without any.
Result<void> PhaseRun::observe_model(const Step& step, SettleState& state) {
  constexpr FactKey kStatus[] = {FactKey::model_status};
  collector_.forget_before_effect();
  const Facts& facts = collector_.refresh(kStatus, request_.inputs.site.settled.interval);
  state.newly_changed.clear();
  const ModelStatus* status = facts.model_status.value();
  const Error* error = facts.model_status.error();
  const bool is_not_found = error && error->kind == ErrorKind::not_found;
  state.times_not_found = is_not_found ? state.times_not_found + 1 : 0;
  if (!status) {
    if (std::exchange(state.is_gap_told, true)) return {};
    return record(event_kind::kUnobserved, {{"step", std::string(step.id)},
                                            {"observed", to_rfc3339(effects_.clock.now())},
                                            {"error", facts.model_status.why_unknown()}});
  }
  const SampleDifference changed = difference(state.recorded, *status);
  state.newly_changed = changed_units(changed);
  state.recorded = with_difference(std::move(state.recorded), changed, facts.history.newest);
  state.recorded.samples = facts.history.samples;
  const bool was_gap = std::exchange(state.is_gap_told, false);
  if (changed.is_empty() && !was_gap && facts.history.samples > 1) return {};
  return record(event_kind::kSample, sample_body(changed, state.recorded, *status));
}

Result<void> PhaseRun::keep_changes(std::span<const Verdict> verdicts, const Step& step,
                                    std::string_view purpose,
                                    std::map<std::string, Ruling>& shown) {
  for (const Verdict& verdict : verdicts) {
    const auto [known, is_new] =
        shown.try_emplace(fmt::format("{} {}", purpose, verdict.gate), verdict.ruling);
    if (!is_new && known->second == verdict.ruling) continue;
    known->second = verdict.ruling;
    if (auto recorded = record_verdict(verdict, step, purpose); !recorded) return recorded;
  }
  return {};
}

Result<std::optional<RunOutcome>> PhaseRun::judge_abort(const Step& step, SettleState& state) {
  const auto verdicts = judge_quietly(step.settle->abort, request_.inputs.site.settled.interval);
  if (auto kept = keep_changes(verdicts, step, "abort", state.shown); !kept) {
    return fail(kept.error());
  }
  for (const Verdict& verdict : verdicts) {
    if (verdict.ruling == Ruling::fail && !is_waived(verdict.gate)) {
      if (auto told = tell_waiting(step, state); !told) return fail(told.error());
      return std::optional(outcome_of(std::span(&verdict, 1), step));
    }
  }
  return std::optional<RunOutcome>();
}

Result<void> PhaseRun::judge_latch(const Step& step, SettleState& state) {
  state.latch = judge_quietly(step.settle->latch, request_.inputs.site.settled.interval);
  if (auto kept = keep_lookups(step, state); !kept) return kept;
  if (auto kept = keep_changes(state.latch, step, "latch", state.shown); !kept) return kept;
  for (const Verdict& verdict : state.latch) {
    const bool is_known =
        std::find(latched_.begin(), latched_.end(), verdict.gate) != latched_.end();
    if (verdict.ruling != Ruling::fail || is_known || is_waived(verdict.gate)) continue;
    latched_.push_back(verdict.gate);
    auto recorded =
        record(event_kind::kLatched, {{"step", std::string(step.id)}, {"gate", verdict.gate}});
    if (!recorded) return recorded;
  }
  return {};
}

Result<void> PhaseRun::keep_lookups(const Step& step, SettleState& state) {
  const Lookups& now = collector_.facts().name_lookups;
  json::object body = lookups_body(state.lookups, now);
  state.lookups = now;
  if (body.empty()) return {};
  body["step"] = std::string(step.id);
  return record(event_kind::kNameLookups, std::move(body));
}

// What passed is, and what failed; a waived one is left out. What may still recover is not.
bool PhaseRun::is_decided(std::span<const Verdict> verdicts) const {
  return std::all_of(verdicts.begin(), verdicts.end(), [&](const Verdict& verdict) {
    return verdict.ruling != Ruling::unknown || is_waived(verdict.gate);
  });
}

Result<void> PhaseRun::tell_waiting(const Step& step, SettleState& state) {
  const Case c{request_.inputs, request_.plan, collector_.facts(), request_.model_use};
  const Milliseconds elapsed = effects_.clock.monotonic() - state.began;
  const auto body = state.waiting.changes(why_not_yet(c), elapsed);
  if (!body) return {};
  json::object event{{"step", std::string(step.id)}};
  for (const auto& member : *body) event[member.key()] = member.value();
  return record(event_kind::kWaiting, std::move(event));
}

// All at once, seen now, and unchanged by our own clock. After a time in which nothing was seen, or
// after a resume, the dwell begins anew: nobody knows what happened meanwhile.
bool PhaseRun::has_dwelt(const Step& step, SettleState& state) {
  const Settled& declared = request_.inputs.site.settled;
  const Facts& facts = collector_.facts();
  const Milliseconds now = effects_.clock.monotonic();
  // A waived gate does not keep the wait from ending; that it did not hold stays with the run.
  const bool holds = !state.hold.empty() && !facts.history.unobserved_since &&
                     outcome_of(state.hold, step).end == RunEnd::holds;
  if (!holds) {
    if (state.held_since != kNever) state.breakers = state.newly_changed;
    state.held_since = kNever;
    return false;
  }
  if (state.held_since == kNever) {
    state.held_since = now;
    ++state.times_held;
  }
  const bool is_still = facts.history.newest - facts.history.changed >= declared.dwell;
  return is_still && now - state.held_since >= declared.dwell;
}

Result<RunOutcome> PhaseRun::give_up(const Step& step, SettleState& state) {
  const Settled& declared = request_.inputs.site.settled;
  const ModelHistory& history = collector_.facts().history;
  RunOutcome late = outcome_of(state.hold, step);
  if (late.end == RunEnd::holds) late = outcome_of(state.latch, step);
  if (history.unobserved_since || history.samples == 0) {
    late.end = RunEnd::unknown;
    const std::string since =
        history.unobserved_since ? " since " + to_rfc3339(*history.unobserved_since) : "";
    late.reason = fmt::format("not settled after {}: the model has not been observed{}: {}",
                              to_words(declared.deadline), since,
                              collector_.facts().model_status.why_unknown());
    return finish_settle(step, state, std::move(late), "not observable");
  }
  if (!state.is_identity_seen) {
    late = {
        .end = RunEnd::unknown,
        .reason = fmt::format("not settled after {}: whether the model is the one that this run "
                              "made could not be seen",
                              to_words(declared.deadline)),
        .help = look_at_help()};
    return finish_settle(step, state, std::move(late), "not observable");
  }
  late.end = RunEnd::fails;
  const bool is_flapping = state.times_held > 0;
  if (is_flapping) {
    late.reason = fmt::format(
        "flapping: all held {}, never for {}{}",
        state.times_held == 1 ? "once" : fmt::format("{} times", state.times_held),
        to_words(declared.dwell),
        state.breakers.empty() ? "" : "; it was last broken by " + first_names(state.breakers));
    if (late.help.empty()) late.help = "gatehouse gates explain unit_states";
  } else {
    late.reason = fmt::format("not settled after {}: {}", to_words(declared.deadline), late.reason);
  }
  return finish_settle(step, state, std::move(late), is_flapping ? "flapping" : "timed out");
}

Result<RunOutcome> PhaseRun::finish_settle(const Step& step, SettleState& state, RunOutcome outcome,
                                           std::string_view result) {
  const Milliseconds took = effects_.clock.monotonic() - state.began;
  auto recorded = record(event_kind::kSettled, {{"step", std::string(step.id)},
                                                {"settled", outcome.end == RunEnd::holds},
                                                {"result", result},
                                                {"seconds", took.count() / 1000},
                                                {"times_held", state.times_held},
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
