#include "engine/run_phase.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "engine/phase_run.h"

namespace gatehouse {

namespace {

std::string to_word(RunEnd end) {
  switch (end) {
    case RunEnd::holds:
      return "holds";
    case RunEnd::fails:
      return "fails";
    case RunEnd::unknown:
      return "unknown";
    case RunEnd::in_doubt:
      return "in doubt";
    case RunEnd::interrupted:
      return "interrupted";
  }
  return "unknown";
}

bool is_finished(const RunRequest& request, const Step& step) {
  return std::any_of(request.past.begin(), request.past.end(), [&](const Event& event) {
    return event.kind == event_kind::kStepFinished &&
           string_or_empty(event.body, "step") == step.id && is_done(event.body);
  });
}

/// The steps before that at which an adoption begins.
std::set<std::string_view> adopted_steps(const RunRequest& request) {
  std::set<std::string_view> adopted;
  if (request.beginning != Beginning::adoption) return adopted;
  for (const Step& step : request.phase.steps) {
    if (step.id == request.phase.adopt_from) break;
    adopted.insert(step.id);
  }
  return adopted;
}

// Guards, then the effect: nothing acts on facts that are older than the last change.
Result<RunOutcome> act(PhaseRun& run, const Step& step) {
  auto outcome = run.judge_guards(step.guards, step);
  if (!outcome || outcome->end != RunEnd::holds) return outcome;
  return run.perform_effect(step);
}

Result<RunOutcome> run_step(PhaseRun& run, const Step& step) {
  if (step.effect) {
    // What a former try of this run began is asked for first; its guards would refuse what it made.
    auto former = run.finish_former_effect(step);
    if (!former) return fail(former.error());
    auto outcome = *former ? Result<RunOutcome>(**former) : act(run, step);
    if (!outcome || outcome->end != RunEnd::holds) return outcome;
  }
  if (step.settle) {
    auto outcome = run.settle(step);
    if (!outcome || outcome->end != RunEnd::holds) return outcome;
  }
  return run.judge_exit(step);
}

Result<RunOutcome> run_steps(PhaseRun& run) {
  const RunRequest& request = run.request();
  const std::set<std::string_view> adopted = adopted_steps(request);
  for (const Step& step : request.phase.steps) {
    if (is_finished(request, step)) continue;
    if (run.effects().clock.is_interrupted()) {
      return RunOutcome{.end = RunEnd::interrupted,
                        .reason = fmt::format("interrupted before step {}", step.id),
                        .help = "gatehouse resume"};
    }
    auto recorded = run.record(event_kind::kStepStarted, {{"step", std::string(step.id)},
                                                          {"title", std::string(step.title)},
                                                          {"source", std::string(step.source)}});
    if (!recorded) return fail(recorded.error());
    const bool is_adopted = adopted.contains(step.id);
    auto outcome = is_adopted ? run.adopt(step) : run_step(run, step);
    if (!outcome) return outcome;
    *outcome = run.with_way_out(step, std::move(*outcome));
    const bool is_taken_over = is_adopted && outcome->end == RunEnd::holds;
    const bool is_last_wanted = step.id == request.until && &step != &request.phase.steps.back();
    const bool ends_as_asked = is_last_wanted && outcome->end == RunEnd::holds;
    recorded = run.record(event_kind::kStepFinished,
                          {{"step", std::string(step.id)},
                           {"end", is_taken_over ? "adopted" : to_word(outcome->end)},
                           {"reason", outcome->reason}});
    if (!recorded) return fail(recorded.error());
    if (ends_as_asked) outcome->reason = fmt::format("ended after step {}, as asked", step.id);
    if (outcome->end != RunEnd::holds || step.id == request.until) return outcome;
  }
  return RunOutcome{.end = RunEnd::holds, .reason = {}, .help = {}};
}

Result<void> record_as_built(PhaseRun& run) {
  const RunRequest& request = run.request();
  if (!request.phase.as_built || !request.plan) return {};
  if (!run.collector().facts().model_status.value()) return {};
  const Facts& facts = run.collector().refresh(request.phase.as_built_needs, Milliseconds(0));
  json::object record = request.phase.as_built(request.inputs, *request.plan, facts);
  if (request.beginning == Beginning::adoption) record["adopted"] = true;
  return run.record(event_kind::kAsBuilt, std::move(record));
}

}  // namespace

Result<RunOutcome> run_phase(const RunRequest& request, Effects& effects, Journal& journal,
                             const std::function<void(const Event&)>& observe) {
  PhaseRun run(request, effects, journal, observe);
  auto recorded = run.record(
      request.past.empty() ? event_kind::kRunStarted : event_kind::kRunResumed, request.about);
  if (!recorded) return fail(recorded.error());
  auto outcome = run_steps(run);
  if (!outcome) return outcome;
  if (outcome->end == RunEnd::holds && (run.has_waived_failure() || run.has_latched())) {
    outcome->end = RunEnd::fails;
    outcome->reason =
        run.has_latched() ? "a gate failed while the model came up" : run.waiver_words();
  }
  outcome->help = replace_all(outcome->help, "gatehouse resume", std::string(request.phase.go_on));
  if (recorded = record_as_built(run); !recorded) return fail(recorded.error());
  recorded = run.record(
      event_kind::kRunFinished,
      {{"end", to_word(outcome->end)}, {"reason", outcome->reason}, {"help", outcome->help}});
  if (!recorded) return fail(recorded.error());
  return outcome;
}

}  // namespace gatehouse
