#include <fmt/format.h>

#include "lint/places.h"
#include "lint/rule.h"

namespace gatehouse {

namespace {

void judge(const LintCase& c, Findings& findings) {
  for (const auto& [name, application] : c.bundle.applications) {
    const CharmFacts* facts = c.charms.find(application);
    if (!facts || !facts->is_subordinate) continue;
    const bool has_units = application.num_units != 0;
    if (!has_units && application.to.empty()) continue;
    findings.add(
        {.span = lint_places::field_of(application, has_units ? "num_units" : "to"),
         .subject = name,
         .message = has_units ? fmt::format("{} is a subordinate charm and is given {} units",
                                            facts->name, application.num_units)
                              : fmt::format("{} is a subordinate charm and is given a placement",
                                            facts->name),
         .help = "remove num_units and to: a subordinate gets a unit beside each unit of the "
                 "application that it is related to"});
  }
}

}  // namespace

extern const Rule subordinate_units_rule;
const Rule subordinate_units_rule{
    .code = "bundle/subordinate-units",
    .severity = Severity::error,
    .summary = "a subordinate charm is given units or a placement",
    .judge = judge,
};

}  // namespace gatehouse
