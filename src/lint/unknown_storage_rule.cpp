#include "lint/charm_names.h"
#include "lint/places.h"

namespace gatehouse {

namespace {

void judge(const LintCase& c, Findings& findings) {
  for (const auto& [name, application] : c.bundle.applications) {
    const CharmFacts* facts = c.charms.find(application);
    if (!facts) continue;
    for (const auto& [key, value] : application.storage) {
      judge_name({application, "storage", key, lint_places::key_of(key, value.span)},
                 facts->storage, *facts, findings);
    }
  }
}

}  // namespace

extern const Rule unknown_storage_rule;
const Rule unknown_storage_rule{
    .code = "charm/unknown-storage",
    .severity = Severity::error,
    .summary = "a storage is named that the charm does not have",
    .judge = judge,
};

}  // namespace gatehouse
