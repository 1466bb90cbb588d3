#include "lint/charm_names.h"
#include "lint/places.h"

namespace gatehouse {

namespace {

void judge(const LintCase& c, Findings& findings) {
  for (const auto& [name, application] : c.bundle.applications) {
    const CharmFacts* facts = c.charms.find(application);
    if (!facts) continue;
    for (const auto& [key, value] : application.resources) {
      judge_name({application, "resource", key, lint_places::key_of(key, value.span)},
                 facts->resources, *facts, findings);
    }
  }
}

}  // namespace

extern const Rule unknown_resource_rule;
const Rule unknown_resource_rule{
    .code = "charm/unknown-resource",
    .severity = Severity::error,
    .summary = "a resource is named that the charm does not have",
    .judge = judge,
};

}  // namespace gatehouse
