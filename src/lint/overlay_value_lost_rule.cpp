#include <fmt/format.h>

#include "base/text.h"
#include "lint/rule.h"

namespace gatehouse {

namespace {

void judge(const LintCase& c, Findings& findings) {
  for (const OverlayRemark& remark : c.bundle.overlay_remarks) {
    if (remark.kind != OverlayRemarkKind::value_lost) continue;
    findings.add({.span = remark.span,
                  .subject = remark.subject,
                  .message = fmt::format("{} has no effect: a later overlay gives it another value",
                                         printable(remark.path)),
                  .help = "keep one of the two, or change the order of the overlays; gatehouse "
                          "bundle where shows who wins",
                  .related = {{remark.by, "the value that wins"}}});
  }
}

}  // namespace

extern const Rule overlay_value_lost_rule;
const Rule overlay_value_lost_rule{
    .code = "bundle/overlay-value-lost",
    .severity = Severity::warning,
    .summary = "an overlay gives a value that a later overlay replaces",
    .judge = judge,
};

}  // namespace gatehouse
