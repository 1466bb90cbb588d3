#include <fmt/format.h>

#include "lint/places.h"
#include "lint/rule.h"

namespace gatehouse {

namespace {

void judge(const LintCase& c, Findings& findings) {
  for (const OverlayRemark& remark : c.bundle.overlay_remarks) {
    if (remark.kind != OverlayRemarkKind::ignored_field) continue;
    const bool is_talk = remark.path == "description" || remark.path == "tags";
    const bool is_outdone = remark.path == "series";
    findings.add({.span = lint_places::key_of(remark.path, remark.span),
                  .subject = remark.subject,
                  .message = is_outdone
                                 ? "the bundle's default-base comes before an overlay's series"
                                 : fmt::format("Juju ignores {} in an overlay", remark.path),
                  .help = is_outdone ? "change the default-base, or give each application its base"
                                     : "write it into the bundle itself, or remove it",
                  .severity = is_talk ? Severity::note : Severity::warning});
  }
}

}  // namespace

extern const Rule overlay_ignored_rule;
const Rule overlay_ignored_rule{
    .code = "bundle/overlay-ignored",
    .severity = Severity::warning,
    .summary = "an overlay gives a field that Juju takes from the bundle only",
    .judge = judge,
};

}  // namespace gatehouse
