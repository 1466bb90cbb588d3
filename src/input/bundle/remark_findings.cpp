#include "input/bundle/remark_findings.h"

#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "input/bundle/decode_document.h"

namespace gatehouse::bundle {

namespace {

Diagnostic finding_of(const StrictRemark& remark) {
  Diagnostic finding;
  finding.severity = Severity::warning;
  finding.span = remark.span;
  finding.subject = remark.scope + "." + remark.field;
  switch (remark.kind) {
    case RemarkKind::unknown_field:
      finding.code = "bundle/unknown-field";
      finding.message = fmt::format("Juju knows no field \"{}\" here and ignores it", remark.field);
      if (!remark.suggestion.empty()) {
        finding.help = fmt::format("did you mean \"{}\"?", remark.suggestion);
      }
      break;
    case RemarkKind::duplicate_key:
      finding.code = "bundle/duplicate-key";
      finding.message =
          fmt::format("\"{}\" is given more than once; the last one counts", remark.field);
      break;
    case RemarkKind::wrong_type:
      finding.code = "bundle/wrong-type";
      finding.message = fmt::format(
          "a value of another type is wanted here ({}); Juju drops the "
          "whole document for it",
          remark.field);
      finding.subject.clear();
      break;
  }
  return finding;
}

}  // namespace

void add_remark_findings(const std::vector<Part>& parts, std::vector<Diagnostic>& findings) {
  for (const Part& part : parts) {
    for (const StrictRemark& remark : part.remarks) findings.push_back(finding_of(remark));
  }
}

}  // namespace gatehouse::bundle
