#include <fmt/format.h>

#include "lint/rule.h"

namespace gatehouse {

namespace {

void judge(const LintCase& c, Findings& findings) {
  for (const OverlayRemark& remark : c.bundle.overlay_remarks) {
    if (remark.kind != OverlayRemarkKind::machine_lost) continue;
    findings.add({.span = remark.span,
                  .subject = remark.subject,
                  .message = fmt::format("{} has no effect: an overlay gives machines, which "
                                         "replaces the whole section",
                                         remark.path),
                  .help = "repeat in the overlay all that shall stay",
                  .related = {{remark.by, "what replaces it"}}});
  }
}

}  // namespace

extern const Rule overlay_machines_rule;
const Rule overlay_machines_rule{
    .code = "bundle/overlay-machines",
    .severity = Severity::warning,
    .summary = "an overlay replaces the machines and loses some of what they said",
    .judge = judge,
};

}  // namespace gatehouse
