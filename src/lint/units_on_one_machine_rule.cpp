#include <algorithm>
#include <set>
#include <string>

#include <fmt/format.h>

#include "lint/places.h"
#include "lint/rule.h"
#include "lint/unit_places.h"

namespace gatehouse {

namespace {

void judge(const LintCase& c, Findings& findings) {
  if (!c.plan || c.bundle.is_kubernetes()) return;
  // With one machine there is no other place: a lab.
  const bool has_choice = c.plan->counts.machines > 1;
  for (const auto& [name, places] : unit_places(*c.plan)) {
    const BundleApplication* application = c.bundle.find(name);
    if (!application || places.size() < 2) continue;
    const std::string& machine = places.front().machine;
    if (!std::all_of(places.begin(), places.end(),
                     [&](const UnitPlace& place) { return place.machine == machine; })) {
      continue;
    }
    findings.add({.span = lint_places::field_of(*application, "to"),
                  .subject = name,
                  .message = fmt::format("all {} units of {} are on {}: it takes them all down",
                                         places.size(), name, machine_text(*c.plan, machine)),
                  .help = "place them on several machines",
                  .severity = has_choice ? Severity::warning : Severity::note});
  }
}

}  // namespace

extern const Rule units_on_one_machine_rule;
const Rule units_on_one_machine_rule{
    .code = "bundle/units-on-one-machine",
    .severity = Severity::warning,
    .summary = "all units of an application are on one machine",
    .judge = judge,
};

}  // namespace gatehouse
