#include <fmt/format.h>

#include "lint/hacluster.h"

namespace gatehouse {

namespace {

void judge(const LintCase& c, Findings& findings) {
  for (const auto& [name, span] : clustered_applications(c)) {
    const BundleApplication& application = *c.bundle.find(name);
    const CharmFacts* facts = c.charms.find(application);
    if (!facts || !takes_vip(*facts)) continue;
    // A name instead of an address is the other way to reach a cluster.
    if (is_set(application, "vip") || is_true(application, "dns-ha")) continue;
    findings.add(
        {.span = span,
         .subject = name,
         .message = fmt::format("{} is related to an hacluster and has no virtual address", name),
         .help = fmt::format("set the option vip of {}, or remove the relation", name)});
  }
}

}  // namespace

extern const Rule ha_without_vip_rule;
const Rule ha_without_vip_rule{
    .code = "bundle/ha-without-vip",
    .severity = Severity::warning,
    .summary = "an hacluster is related and no virtual address is set",
    .judge = judge,
};

}  // namespace gatehouse
