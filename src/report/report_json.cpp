#include "report/run_view.h"

namespace gatehouse {

namespace {

json::object verdict_json(const VerdictView& verdict) {
  json::object object{{"gate", verdict.gate},     {"purpose", verdict.purpose},
                      {"ruling", verdict.ruling}, {"at", to_rfc3339(verdict.at)},
                      {"checks", verdict.checks}, {"findings", verdict.findings}};
  if (!verdict.waived.empty()) object["waived"] = verdict.waived;
  return object;
}

json::object effect_json(const EffectView& effect) {
  json::object object{{"effect", effect.name},
                      {"argv", json::array(effect.argv.begin(), effect.argv.end())}};
  if (effect.exit_code) object["exit_code"] = *effect.exit_code;
  if (!effect.landed.empty()) object["landed"] = effect.landed;
  if (!effect.identity.empty()) object["identity"] = effect.identity;
  return object;
}

json::object step_json(const StepView& step) {
  json::array verdicts;
  for (const VerdictView& verdict : step.verdicts) verdicts.push_back(verdict_json(verdict));
  json::object object{
      {"step", step.id},
      {"title", step.title},
      {"source", step.source},
      {"end", step.end},
      {"reason", step.reason},
      {"started", to_rfc3339(step.started)},
      {"verdicts", std::move(verdicts)},
      {"not_declared", json::array(step.not_declared.begin(), step.not_declared.end())}};
  if (step.effect) object["effect"] = effect_json(*step.effect);
  if (step.settled_seconds) object["settle_seconds"] = *step.settled_seconds;
  if (!step.settle_result.empty()) object["settle_result"] = step.settle_result;
  if (!step.waiting.empty() || !step.beside.empty()) {
    json::object why = step.beside;
    why["holding_up"] = json::array(step.waiting.begin(), step.waiting.end());
    object["not_yet"] = std::move(why);
  }
  return object;
}

}  // namespace

json::object to_json(const RunView& view) {
  json::array steps;
  for (const StepView& step : view.steps) steps.push_back(step_json(step));
  json::object object{{"run", view.run},
                      {"about", view.about},
                      {"end", view.end.empty() ? "cut off" : view.end},
                      {"reason", view.reason},
                      {"help", view.help},
                      {"started", to_rfc3339(view.started)},
                      {"finished", to_rfc3339(view.finished)},
                      {"resumed", view.resumed},
                      {"samples", view.samples.size()},
                      {"steps", std::move(steps)}};
  if (view.as_built) object["as_built"] = *view.as_built;
  object["journal_head"] = json::object{{"sequence", view.head.sequence}, {"hash", view.head.hash}};
  return object;
}

}  // namespace gatehouse
