#include "lint/charm_names.h"
#include "lint/places.h"

namespace gatehouse {

namespace {

void judge(const LintCase& c, Findings& findings) {
  for (const auto& [name, application] : c.bundle.applications) {
    const CharmFacts* facts = c.charms.find(application);
    if (!facts) continue;
    for (const auto& [key, value] : application.options) {
      if (key == "trust") continue;  // Juju takes it as its own, whatever the charm has.
      judge_name({application, "option", key, lint_places::key_of(key, value.span)}, facts->options,
                 *facts, findings);
    }
  }
}

}  // namespace

extern const Rule unknown_option_rule;
const Rule unknown_option_rule{
    .code = "charm/unknown-option",
    .severity = Severity::error,
    .summary = "an option is set that the charm does not have",
    .judge = judge,
};

}  // namespace gatehouse
