// One run of a phase while it runs: what its parts share. Private to the engine.
#pragma once

#include "engine/fact_collector.h"
#include "engine/run_phase.h"

namespace gatehouse {

// So often in a row Juju answers that it knows no such model or controller before that is believed:
// one answer may be a slip.
inline constexpr int kNotFoundMax = 3;

class PhaseRun {
 public:
  PhaseRun(const RunRequest& request, Effects& effects, Journal& journal,
           const std::function<void(const Event&)>& observe);

  const RunRequest& request() const { return request_; }
  Effects& effects() { return effects_; }
  FactCollector& collector() { return collector_; }

  Result<void> record(std::string_view kind, json::object body);

  /// Judges the gates that apply, on facts no older than `age_max`, and records each verdict.
  /// `purpose`: "guard", "exit", "hold", "abort", "latch".
  /// `also`: what else is asked in the same sample.
  Result<std::vector<Verdict>> judge_gates(std::span<const Gate* const> gates, const Step& step,
                                           std::string_view purpose, Milliseconds age_max,
                                           std::span<const FactKey> also = {});
  /// Without recording: what a settle loop does at each sample.
  std::vector<Verdict> judge_quietly(std::span<const Gate* const> gates, Milliseconds age_max,
                                     std::span<const FactKey> also = {});
  Result<void> record_verdict(const Verdict& verdict, const Step& step, std::string_view purpose);

  /// The worst of those that block: waived ones do not, though they are noted.
  RunOutcome outcome_of(std::span<const Verdict> verdicts, const Step& step);
  bool is_waived(std::string_view gate) const;

  /// Judges, records and concludes; interrupted where the operator asked to stop meanwhile, for
  /// what was then not seen says nothing of the world.
  Result<RunOutcome> judge_step(std::span<const Gate* const> gates, const Step& step,
                                std::string_view purpose, Milliseconds age_max,
                                std::span<const FactKey> also = {});
  /// The step's exit gates. What could only not be seen, at the end of a long wait, is asked again
  /// for the dwell time.
  Result<RunOutcome> judge_exit(const Step& step);
  /// What must hold before the step's effect. The same sample shows what the effect would find, for
  /// a look of its own afterwards could make the guards old.
  Result<RunOutcome> judge_guards(std::span<const Gate* const> guards, const Step& step);

  /// What became of an effect that a former try of this run began: its end, or nothing where none
  /// was begun or the world shows nothing of it.
  Result<std::optional<RunOutcome>> finish_former_effect(const Step& step);
  /// Only after `judge_guards`.
  Result<RunOutcome> perform_effect(const Step& step);
  /// What landed in part, brought to its end by its own command, guarded anew.
  Result<RunOutcome> continue_effect(const Step& step);
  Result<RunOutcome> settle(const Step& step);
  /// Takes a step as done by hand: records how much of its effect the world shows, as observed.
  Result<RunOutcome> adopt(const Step& step);
  /// The outcome with the safe way out of what this run made, where the step knows one.
  RunOutcome with_way_out(const Step& step, RunOutcome outcome);

  bool has_waived_failure() const { return has_waived_failure_; }
  /// What a run with waivers says of them at its end: a gate that holds by then is not said to
  /// fail.
  std::string waiver_words() const;
  bool has_latched() const { return !latched_.empty(); }

 private:
  struct SettleState;
  Result<bool> take_up(const Step& step);
  struct EffectCommand {
    std::string_view name;
    std::vector<std::string> argv;
  };
  Result<std::optional<RunOutcome>> refuse_effect(const Step& step);
  /// Where what this run made is seen to be another thing now, or not to be seen.
  std::optional<RunOutcome> other_than_made(const Step& step, const json::object& now) const;
  Result<std::optional<RunOutcome>> judge_identity(const Step& step, SettleState& state,
                                                   Milliseconds age_max);
  Result<RunOutcome> start_child(const Step& step, EffectCommand command);
  /// A command that was begun, and where its output goes.
  struct Begun {
    std::string name;
    std::string folder;
  };
  Result<RunOutcome> conclude_child(const Step& step, const Begun& begun,
                                    std::optional<int> exit_code);
  Result<RunOutcome> follow_child(const Step& step, const ChildId& child, const Begun& begun);
  Result<std::optional<RunOutcome>> finish_former_child(const Step& step, const Begun& begun);
  std::optional<RunOutcome> await_unknown_child(const Step& step, const Begun& begun);
  Sight look(const Step& step);
  /// Looks until the world shows the whole, for a quarter of an hour; records what it sees. The
  /// error is `interrupted` where the operator asked to stop meanwhile.
  Result<Sight> await_landed(const Step& step);
  Result<RunOutcome> confirm_landed(const Step& step);
  RunOutcome confirmed(const Step& step, const Sight& sight) const;
  /// One look, recorded; the error is `interrupted` where the operator asked to stop meanwhile.
  Result<Sight> observe_landed(const Step& step);
  Result<void> record_landed(const Step& step, const Sight& sight, json::object body);
  RunOutcome doubt(const Step& step, const Sight& sight) const;
  std::string look_at_help() const;
  /// An interruption is an outcome; any other error is one.
  static Result<RunOutcome> ended_by(const Error& error);
  bool is_decided(std::span<const Verdict> verdicts) const;
  Result<void> keep_lookups(const Step& step, SettleState& state);
  Result<void> redact_output(const std::string& path);
  Result<std::optional<RunOutcome>> take_sample(const Step& step, SettleState& state);
  Result<void> observe_model(const Step& step, SettleState& state);
  Result<void> keep_changes(std::span<const Verdict> verdicts, const Step& step,
                            std::string_view purpose, std::map<std::string, Ruling>& shown);
  Result<std::optional<RunOutcome>> judge_abort(const Step& step, SettleState& state);
  Result<void> judge_latch(const Step& step, SettleState& state);
  Result<void> tell_waiting(const Step& step, SettleState& state);
  bool has_dwelt(const Step& step, SettleState& state);
  Result<RunOutcome> give_up(const Step& step, SettleState& state);
  Result<RunOutcome> finish_settle(const Step& step, SettleState& state, RunOutcome outcome,
                                   std::string_view result);
  const Event* past_event(std::string_view kind, std::string_view step) const;

  const RunRequest& request_;
  Effects& effects_;
  Journal& journal_;
  const std::function<void(const Event&)>& observe_;
  FactCollector collector_;
  bool has_waived_failure_ = false;
  std::map<std::string, Ruling> waived_rulings_;  ///< the last of each waived gate
  std::vector<std::string> latched_;
  json::object made_;  ///< identity of what this run made or took over, from whichever step
  bool is_made_by_us_ = false;  ///< by a command of this run
};

}  // namespace gatehouse
