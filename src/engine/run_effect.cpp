// The one place that changes the world: a recorded intent, a child that outlives us, its outcome.
#include <fmt/format.h>

#include "base/text.h"
#include "engine/phase_run.h"

namespace gatehouse {

namespace {

using std::chrono::seconds;

constexpr std::size_t kOutputShownMax = 4000;
constexpr std::size_t kOutputReadMax = std::size_t{8} << 20;

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

std::string tail_of(FileStore& files, const std::string& path) {
  const auto text = files.read(path, kOutputReadMax);
  if (!text) return {};
  std::string_view tail = *text;
  if (tail.size() > kOutputShownMax) tail.remove_prefix(tail.size() - kOutputShownMax);
  std::string shown;
  for (const std::string_view line : lines_of(tail)) shown += printable(line) + "\n";
  return shown;
}

std::string effect_folder(const RunRequest& request, const Step& step) {
  return fmt::format("{}/{}", request.folder, step.effect->name);
}

std::string look_at_help(const RunRequest& request) {
  return fmt::format("look at `juju status -m {}:{}` and at {}, then run gatehouse resume",
                     request.questions.controller, request.questions.model, request.folder);
}

}  // namespace

Result<RunOutcome> PhaseRun::perform_effect(const Step& step) {
  if (request_.verify_inputs) {
    if (auto same = request_.verify_inputs(); !same) {
      return RunOutcome{.end = RunEnd::fails,
                        .reason = fmt::format("step {}: {}", step.id, to_string(same.error())),
                        .help = same.error().help};
    }
  }
  if (request_.model_use == ModelUse::may_be_empty) {
    const auto taken_up = take_up(step);
    if (!taken_up) return fail(taken_up.error());
    if (*taken_up) return confirm_landed(step);
  }
  return start_child(step, step.effect->argv(request_.inputs, request_.questions));
}

// Where the operator, or a doubtful intent of an earlier run, allows it, what the effect would make
// may be there already.
Result<bool> PhaseRun::take_up(const Step& step) {
  const Facts& facts = collector_.refresh(step.effect->landed_needs, Milliseconds(0));
  const bool is_there =
      request_.plan && step.effect->landed(request_.inputs, *request_.plan, facts) == Landed::whole;
  if (!is_there) return false;
  auto recorded = record(event_kind::kOutcome, {{"step", std::string(step.id)},
                                                {"effect", std::string(step.effect->name)},
                                                {"taken_up", true}});
  if (!recorded) return fail(recorded.error());
  return true;
}

Result<RunOutcome> PhaseRun::start_child(const Step& step, std::vector<std::string> argv) {
  const std::string folder = effect_folder(request_, step);
  // The output of an earlier try stays as evidence; each try has a folder of its own.
  std::string own = folder;
  for (int again = 2; effects_.files.info(own); ++again) own = fmt::format("{}-{}", folder, again);
  if (auto made = effects_.files.make_folder(own, 0700); !made) return fail(made.error());
  auto recorded = record(event_kind::kIntent, {{"step", std::string(step.id)},
                                               {"effect", std::string(step.effect->name)},
                                               {"argv", json::array(argv.begin(), argv.end())},
                                               {"folder", own}});
  if (!recorded) return fail(recorded.error());
  const DetachedCommand command{.argv = std::move(argv),
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
                                             {"effect", std::string(step.effect->name)},
                                             {"error", to_string(child.error())}});
    if (!recorded) return fail(recorded.error());
    return in_doubt(fmt::format("step {}: {}", step.id, to_string(child.error())),
                    child.error().help);
  }
  recorded = record(event_kind::kChildStarted, {{"step", std::string(step.id)},
                                                {"pid", child->pid},
                                                {"start_ticks", child->start_ticks},
                                                {"folder", own}});
  if (!recorded) return fail(recorded.error());
  return follow_child(step, *child, own);
}

Result<RunOutcome> PhaseRun::follow_child(const Step& step, const ChildId& child,
                                          const std::string& folder) {
  constexpr Milliseconds kLook = seconds(1);
  for (;;) {
    const auto state = effects_.processes.state_of(child, folder + "/exit");
    if (!state) return fail(state.error());
    if (state->is_running) {
      if (effects_.clock.wait(kLook) == WaitEnd::reached) continue;
      return RunOutcome{.end = RunEnd::interrupted,
                        .reason = fmt::format("interrupted while {} runs on as process {}",
                                              step.effect->name, child.pid),
                        .help = "gatehouse resume"};
    }
    collector_.forget_before_effect();
    json::object body{{"step", std::string(step.id)}, {"effect", std::string(step.effect->name)}};
    if (state->exit_code) body["exit_code"] = *state->exit_code;
    body["stdout"] = tail_of(effects_.files, folder + "/stdout");
    body["stderr"] = tail_of(effects_.files, folder + "/stderr");
    const std::string talk = string_or_empty(body, "stderr");
    if (!state->exit_code) {
      // It was killed together with its keeper: only the world can tell.
      const auto landed = observe_landed(step);
      if (!landed) return fail(landed.error());
      return *landed == Landed::whole ? confirm_landed(step) : doubt(step, *landed);
    }
    if (auto recorded = record(event_kind::kOutcome, std::move(body)); !recorded) {
      return fail(recorded.error());
    }
    if (*state->exit_code == 0) return confirm_landed(step);
    return in_doubt(fmt::format("step {}: {} ended with exit code {}: {}", step.id,
                                step.effect->name, *state->exit_code, trim(talk)),
                    look_at_help(request_));
  }
}

// The command said that it is done; the world must say so too.
Result<RunOutcome> PhaseRun::confirm_landed(const Step& step) {
  const Facts& facts = collector_.refresh(step.effect->landed_needs, Milliseconds(0));
  const Landed landed =
      request_.plan ? step.effect->landed(request_.inputs, *request_.plan, facts) : Landed::unknown;
  json::object body{{"step", std::string(step.id)}, {"landed", std::string(to_word(landed))}};
  if (step.effect->identity) body["identity"] = step.effect->identity(request_.inputs, facts);
  if (auto recorded = record(event_kind::kLanded, std::move(body)); !recorded) {
    return fail(recorded.error());
  }
  if (landed == Landed::whole) return RunOutcome{.end = RunEnd::holds, .reason = {}, .help = {}};
  return in_doubt(fmt::format("step {}: {} ended well, but the world shows it {}", step.id,
                              step.effect->name, to_word(landed)),
                  look_at_help(request_));
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
      auto followed = follow_child(step, child, folder);
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
  if (*landed != Landed::whole) return std::optional(doubt(step, *landed));
  auto recorded = record(event_kind::kOutcome, {{"step", std::string(step.id)},
                                                {"effect", std::string(step.effect->name)},
                                                {"reconciled", true}});
  if (!recorded) return fail(recorded.error());
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
    if (effects_.clock.wait(seconds(1)) == WaitEnd::reached) continue;
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
                                                         : "was begun; how far cannot be told";
  return in_doubt(fmt::format("step {}: {} {}", step.id, step.effect->name, word),
                  look_at_help(request_));
}

}  // namespace gatehouse
