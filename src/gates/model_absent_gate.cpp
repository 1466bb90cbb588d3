#include <fmt/format.h>

#include "gates/checks.h"
#include "gates/own_model.h"

namespace gatehouse {

namespace {

constexpr FactKey kModelAbsentNeeds[] = {FactKey::juju_controller, FactKey::juju_models,
                                         FactKey::model_status};

std::string in_words(const JujuModel& model) {
  const std::string owner = model.owner.empty() ? "" : model.owner + "/";
  const std::string life = model.life.empty() ? "of unknown life" : model.life;
  return fmt::format("{}{} is {}", owner, model.name, life);
}

Check refused(const std::string& subject, const JujuModel& model) {
  Check check = failed(subject, "no such model", in_words(model));
  check.help = model.life == "dying"
                   ? "wait until it is gone: juju models"
                   : "taking a model down is phase 00; an empty one of yours may be taken up with "
                     "--use-empty-model";
  return check;
}

// Only where the model may be taken up at all.
void judge_emptiness(const Case& c, const std::string& subject, std::vector<Check>& checks) {
  const auto& seen = c.facts.model_status;
  const ModelStatus* status = require_seen(seen, subject, "a living, empty model", checks);
  if (!status) return;
  const bool is_empty =
      status->machines.empty() && status->applications.empty() && status->unread.empty();
  const bool is_it = status->name == c.inputs.site.juju.model;
  checks.push_back(placed(
      Check{.subject = subject,
            .expected = "a living, empty model",
            .observed =
                !is_it ? fmt::format("the status is of model {}", status->name)
                       : fmt::format("alive, {}, {}", counted(status->machines.size(), "machine"),
                                     counted(status->applications.size(), "application")),
            .ruling = !is_it     ? Ruling::unknown
                      : is_empty ? Ruling::pass
                                 : Ruling::fail,
            .help = is_empty ? "" : "taking a model down is phase 00"},
      c.inputs.site.juju.span, seen.evidence()));
}

Verdict judge_model_absent(const Case& c) {
  std::vector<Check> checks;
  const SiteJuju& juju = c.inputs.site.juju;
  const std::string subject = "model " + juju.model;
  const auto& seen = c.facts.juju_models;
  const auto* models = require_seen(seen, subject, "no such model", checks);
  if (!models) return conclude(std::move(checks));
  for (const JujuModel& model : *models) {
    if (model.name != juju.model || model.life == "dead") continue;
    if (!may_be_ours(model, c.facts.juju_controller.value())) continue;
    if (c.model_use == ModelUse::may_be_empty && model.life == "alive") {
      judge_emptiness(c, subject, checks);
    } else {
      checks.push_back(placed(refused(subject, model), juju.span, seen.evidence()));
    }
  }
  if (checks.empty()) {
    const std::string others = counted(models->size(), "model");
    checks.push_back(
        placed(passed(subject, "no such model", "none of " + others), juju.span, seen.evidence()));
  }
  return conclude(std::move(checks));
}

}  // namespace

extern const Gate model_absent_gate;
const Gate model_absent_gate{
    .id = "model_absent",
    .question = "Is there no model of the site's name yet?",
    .source = "phase 01, step 1.2, guard",
    .needs = kModelAbsentNeeds,
    .judge = judge_model_absent,
    .waiving = Waiving::forbidden,
};

}  // namespace gatehouse
