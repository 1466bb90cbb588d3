#include "lint/charm_names.h"
#include "lint/places.h"

namespace gatehouse {

namespace {

void judge(const LintCase& c, Findings& findings) {
  for (const auto& [name, application] : c.bundle.applications) {
    const CharmFacts* facts = c.charms.find(application);
    if (!facts) continue;
    for (const auto& [key, value] : application.bindings) {
      judge_name(
          {application, "endpoint or extra binding", key, lint_places::key_of(key, value.span)},
          facts->bindings, *facts, findings);
    }
  }
}

}  // namespace

extern const Rule unknown_binding_rule;
const Rule unknown_binding_rule{
    .code = "charm/unknown-binding",
    .severity = Severity::error,
    .summary = "bindings name an endpoint that the charm does not have",
    .judge = judge,
};

}  // namespace gatehouse
