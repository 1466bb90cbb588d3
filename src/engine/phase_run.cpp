#include "engine/phase_run.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "engine/model_samples.h"

namespace gatehouse {

namespace {

std::vector<FactKey> needs_of(std::span<const Gate* const> gates, const Inputs& inputs,
                              std::span<const FactKey> also) {
  std::set<FactKey> needs(also.begin(), also.end());
  for (const Gate* gate : gates) {
    if (!gate->applies || gate->applies(inputs))
      needs.insert(gate->needs.begin(), gate->needs.end());
  }
  return {needs.begin(), needs.end()};
}

// What a resume goes by stays as it is: none of it is a tool's or a charm's own words.
bool is_told_by_others(std::string_view kind) {
  return kind != event_kind::kRunStarted && kind != event_kind::kRunResumed &&
         kind != event_kind::kIntent && kind != event_kind::kChildStarted &&
         kind != event_kind::kNameLookups;
}

// Names are those of the plan, of Juju and of ours, whatever else they may be.
bool is_name(std::string_view key) {
  constexpr std::array kNames{"step",    "gate",     "effect",   "identity",     "unit",
                              "machine", "subject",  "gone",     "workload",     "agent",
                              "state",   "instance", "hostname", "gone_machines"};
  return std::find(kNames.begin(), kNames.end(), key) != kNames.end();
}

void redact(json::value& value, const Redactor& redactor) {
  if (value.is_string()) {
    value = redactor.redacted(value.get_string());
  } else if (value.is_array()) {
    for (json::value& item : value.get_array()) redact(item, redactor);
  } else if (value.is_object()) {
    for (auto& member : value.get_object()) {
      if (!is_name(member.key())) redact(member.value(), redactor);
    }
  }
}

Error interruption(const Step& step) {
  Error error;
  error.kind = ErrorKind::interrupted;
  error.message = fmt::format("interrupted in step {}", step.id);
  return error;
}

std::string first_reason(const Verdict& verdict) {
  for (const Check& check : verdict.checks) {
    if (check.ruling == verdict.ruling) {
      return fmt::format("{}: expected {}, observed {}", check.subject, check.expected,
                         check.observed);
    }
  }
  return "nothing was examined";
}

std::string first_help(const Verdict& verdict) {
  for (const Check& check : verdict.checks) {
    if (check.ruling == verdict.ruling && !check.help.empty()) return check.help;
  }
  return fmt::format("gatehouse gates explain {}", verdict.gate);
}

}  // namespace

PhaseRun::PhaseRun(const RunRequest& request, Effects& effects, Journal& journal,
                   const std::function<void(const Event&)>& observe)
    : request_(request),
      effects_(effects),
      journal_(journal),
      observe_(observe),
      collector_(request.sources, request.questions, effects) {
  collector_.keep_history(history_of(request.past));
  // What went wrong before an interruption is not made good by the interruption.
  for (const Event& event : request.past) {
    if (event.kind == event_kind::kLatched) latched_.push_back(string_or_empty(event.body, "gate"));
    if (event.kind == event_kind::kVerdict && find(event.body, "waived"))
      has_waived_failure_ = true;
    if (event.kind == event_kind::kChildStarted && made_.empty()) is_made_by_us_ = true;
    const bool is_others =
        event.kind == event_kind::kOutcome && made_.empty() &&
        (find(event.body, "taken_up") || find_integer(event.body, "exit_code").value_or(0) != 0);
    if (is_others) is_made_by_us_ = false;
    const json::object* identity =
        event.kind == event_kind::kLanded ? find_object(event.body, "identity") : nullptr;
    if (identity && made_.empty() && string_or_empty(event.body, "landed") == "whole") {
      made_ = *identity;
    }
  }
}

Result<void> PhaseRun::record(std::string_view kind, json::object body) {
  if (request_.redactor && !request_.redactor->empty() && is_told_by_others(kind)) {
    json::value whole(std::move(body));
    redact(whole, *request_.redactor);
    body = std::move(whole.get_object());
  }
  auto event =
      journal_.append(request_.run, effects_.clock.now(), std::string(kind), std::move(body));
  if (!event) return fail(with_context(event.error(), "writing the journal"));
  if (kind == event_kind::kIntent && !collector_.facts().history.newer_than) {
    collector_.require_newer_than(event->at);
  }
  observe_(*event);
  return {};
}

std::vector<Verdict> PhaseRun::judge_quietly(std::span<const Gate* const> gates,
                                             Milliseconds age_max, std::span<const FactKey> also) {
  const Facts& facts = collector_.refresh(needs_of(gates, request_.inputs, also), age_max);
  const Case c{request_.inputs, request_.plan, facts, request_.model_use};
  std::vector<Verdict> verdicts;
  for (const Gate* gate : gates) {
    if (!gate->applies || gate->applies(request_.inputs)) verdicts.push_back(judge(*gate, c));
  }
  for (const Verdict& verdict : verdicts) {
    if (is_waived(verdict.gate)) waived_rulings_[verdict.gate] = verdict.ruling;
  }
  return verdicts;
}

Result<std::vector<Verdict>> PhaseRun::judge_gates(std::span<const Gate* const> gates,
                                                   const Step& step, std::string_view purpose,
                                                   Milliseconds age_max,
                                                   std::span<const FactKey> also) {
  for (const Gate* gate : gates) {
    if (!gate->applies || gate->applies(request_.inputs)) continue;
    auto recorded = record(event_kind::kNotDeclared,
                           {{"step", std::string(step.id)}, {"gate", std::string(gate->id)}});
    if (!recorded) return fail(recorded.error());
  }
  std::vector<Verdict> verdicts = judge_quietly(gates, age_max, also);
  if (effects_.clock.is_interrupted()) return fail(interruption(step));
  for (const Verdict& verdict : verdicts) {
    if (auto recorded = record_verdict(verdict, step, purpose); !recorded) {
      return fail(recorded.error());
    }
  }
  return verdicts;
}

Result<void> PhaseRun::record_verdict(const Verdict& verdict, const Step& step,
                                      std::string_view purpose) {
  json::object body{{"step", std::string(step.id)}, {"purpose", std::string(purpose)}};
  for (auto& member : to_json(verdict)) body[member.key()] = member.value();
  for (const Waiver& waiver : request_.waivers) {
    if (waiver.gate == verdict.gate && verdict.ruling != Ruling::pass) {
      body["waived"] = waiver.reason;
    }
  }
  return record(event_kind::kVerdict, std::move(body));
}

bool PhaseRun::is_waived(std::string_view gate) const {
  return std::any_of(request_.waivers.begin(), request_.waivers.end(),
                     [&](const Waiver& waiver) { return waiver.gate == gate; });
}

std::string PhaseRun::waiver_words() const {
  std::string failing, holding;
  for (const auto& [gate, ruling] : waived_rulings_) {
    std::string& list = ruling == Ruling::pass ? holding : failing;
    list += (list.empty() ? "" : ", ") + gate;
  }
  if (!failing.empty()) return "waived, and does not hold: " + failing;
  if (holding.empty()) return "a gate was waived before the run was resumed";
  return "waived while it did not hold, and holds in the end: " + holding;
}

RunOutcome PhaseRun::outcome_of(std::span<const Verdict> verdicts, const Step& step) {
  RunOutcome outcome{.end = RunEnd::holds, .reason = {}, .help = {}};
  for (const Verdict& verdict : verdicts) {
    if (verdict.ruling == Ruling::pass) continue;
    if (is_waived(verdict.gate)) {
      has_waived_failure_ = true;
      continue;
    }
    const RunEnd end = verdict.ruling == Ruling::fail ? RunEnd::fails : RunEnd::unknown;
    // Fail before unknown: what is known to be wrong is the better reason to stop.
    if (outcome.end == RunEnd::fails || (outcome.end == RunEnd::unknown && end == outcome.end)) {
      continue;
    }
    outcome = {
        .end = end,
        .reason = fmt::format("step {}: gate {}: {}", step.id, verdict.gate, first_reason(verdict)),
        .help = first_help(verdict)};
  }
  return outcome;
}

const Event* PhaseRun::past_event(std::string_view kind, std::string_view step) const {
  for (auto event = request_.past.rbegin(); event != request_.past.rend(); ++event) {
    if (event->kind == kind && string_or_empty(event->body, "step") == step) return &*event;
  }
  return nullptr;
}

Result<RunOutcome> PhaseRun::judge_step(std::span<const Gate* const> gates, const Step& step,
                                        std::string_view purpose, Milliseconds age_max,
                                        std::span<const FactKey> also) {
  const auto verdicts = judge_gates(gates, step, purpose, age_max, also);
  return verdicts ? Result<RunOutcome>(outcome_of(*verdicts, step)) : ended_by(verdicts.error());
}

Result<RunOutcome> PhaseRun::ended_by(const Error& error) {
  if (error.kind != ErrorKind::interrupted) return fail(error);
  return RunOutcome{
      .end = RunEnd::interrupted, .reason = to_string(error), .help = "gatehouse resume"};
}

Result<RunOutcome> PhaseRun::judge_exit(const Step& step) {
  constexpr std::string_view kPurpose = "exit";
  auto verdicts = judge_gates(step.exit_gates, step, kPurpose, step.facts_age_max);
  if (!verdicts) return ended_by(verdicts.error());
  RunOutcome outcome = outcome_of(*verdicts, step);
  if (!step.settle) return outcome;
  std::map<std::string, Ruling> shown;
  for (const Verdict& verdict : *verdicts) {
    shown[fmt::format("{} {}", kPurpose, verdict.gate)] = verdict.ruling;
  }
  const Settled& declared = request_.inputs.site.settled;
  const Milliseconds began = effects_.clock.monotonic();
  while (outcome.end == RunEnd::unknown && effects_.clock.monotonic() - began < declared.dwell) {
    const bool has_waited = effects_.clock.wait(declared.interval) == WaitEnd::reached;
    if (has_waited) *verdicts = judge_quietly(step.exit_gates, Milliseconds(0));
    if (effects_.clock.is_interrupted()) return ended_by(interruption(step));
    auto kept = keep_changes(*verdicts, step, kPurpose, shown);
    if (!kept) return fail(kept.error());
    outcome = outcome_of(*verdicts, step);
  }
  return outcome;
}

Result<RunOutcome> PhaseRun::judge_guards(std::span<const Gate* const> guards, const Step& step) {
  return judge_step(guards, step, "guard", Milliseconds(0), step.effect->landed_needs);
}

}  // namespace gatehouse
