#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "lint/rule.h"

namespace gatehouse {

namespace {

// A megabyte can hold a hundred thousand mistakes of one kind; nobody reads on after these.
constexpr std::size_t kListedMax = 1'000;

}  // namespace

bool Findings::is_full() const {
  return listed_ >= kListedMax;
}

void Findings::finish() {
  if (unlisted_ == 0) return;
  Diagnostic finding;
  finding.severity = gravest_;
  finding.code = std::string(rule_.code);
  finding.message = fmt::format("{} more of these are not listed", unlisted_);
  finding.help = "mend those that are, and check again";
  list_.push_back(std::move(finding));
}

void Findings::add(Remark remark) {
  const Severity severity = remark.severity.value_or(rule_.severity);
  if (is_full()) {
    ++unlisted_;
    gravest_ = std::min(gravest_, severity);  // the gravest comes first
    return;
  }
  ++listed_;
  Diagnostic finding;
  finding.severity = severity;
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
    findings.finish();
  }
  sort_diagnostics(list);
  return list;
}

}  // namespace gatehouse
