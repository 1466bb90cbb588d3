#include <map>
#include <string>

#include <fmt/format.h>

#include "lint/hacluster.h"
#include "lint/places.h"

namespace gatehouse {

namespace {

void judge(const LintCase& c, Findings& findings) {
  const std::map<std::string, Span> clustered = clustered_applications(c);
  for (const auto& [name, application] : c.bundle.applications) {
    const CharmFacts* facts = c.charms.find(application);
    if (!facts || !takes_vip(*facts) || !is_set(application, "vip")) continue;
    if (clustered.contains(name)) continue;
    findings.add({.span = lint_places::key_of("vip", application.options.at("vip").span),
                  .subject = name,
                  .message = fmt::format("{} has a virtual address and no relation to an "
                                         "hacluster: nothing brings the address up",
                                         name),
                  .help = fmt::format("add an hacluster application and the relation [{}:ha, "
                                      "{}-hacluster:ha], or remove vip",
                                      name, name)});
  }
}

}  // namespace

extern const Rule vip_without_ha_rule;
const Rule vip_without_ha_rule{
    .code = "bundle/vip-without-ha",
    .severity = Severity::error,
    .summary = "a virtual address is set and no hacluster brings it up",
    .judge = judge,
};

}  // namespace gatehouse
