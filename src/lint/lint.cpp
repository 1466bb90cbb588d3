#include <utility>

#include "lint/rule.h"

namespace gatehouse {

void Findings::add(Remark remark) {
  Diagnostic finding;
  finding.severity = remark.severity.value_or(rule_.severity);
  finding.code = std::string(rule_.code);
  finding.span = remark.span;
  finding.message = std::move(remark.message);
  finding.help = std::move(remark.help);
  finding.related = std::move(remark.related);
  finding.subject = std::move(remark.subject);
  finding.is_withheld = remark.is_withheld;
  list_.push_back(std::move(finding));
}

std::vector<Diagnostic> lint(const LintCase& c) {
  std::vector<Diagnostic> list;
  for (const Rule* rule : all_rules()) {
    Findings findings(*rule, list);
    rule->judge(c, findings);
  }
  sort_diagnostics(list);
  return list;
}

}  // namespace gatehouse
