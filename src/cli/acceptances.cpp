#include "cli/acceptances.h"

#include <cstddef>

#include <fmt/format.h>

#include "base/text.h"
#include "output/finding_pages.h"

namespace gatehouse::cli {

namespace {

bool covers(const Acceptance& entry, const Diagnostic& finding) {
  return entry.code == finding.code &&
         (entry.on.empty() || entry.on == "*" || entry.on == finding.subject);
}

}  // namespace

Acceptances::Acceptances(const Site& site)
    : entries_(site.accept), is_used_(site.accept.size(), false) {}

const Acceptance* Acceptances::of(const Diagnostic& finding) {
  const Acceptance* found = nullptr;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    if (!covers(entries_[i], finding)) continue;
    is_used_[i] = true;
    if (found == nullptr) found = &entries_[i];
  }
  return found;
}

std::vector<Diagnostic> Acceptances::unknown() const {
  std::vector<Diagnostic> findings;
  for (const Acceptance& entry : entries_) {
    if (find_finding_page(entry.code) != nullptr) continue;
    const auto near = nearest_finding_code(entry.code);
    findings.push_back({.severity = Severity::error,
                        .code = "site/unknown-code",
                        .span = entry.span,
                        .message = fmt::format("no finding has the code {}", printable(entry.code)),
                        .help = near ? fmt::format("did you mean {}?", *near)
                                     : "gatehouse explain lists the codes",
                        .related = {},
                        .subject = entry.code});
  }
  return findings;
}

std::vector<Diagnostic> Acceptances::unused() const {
  std::vector<Diagnostic> findings;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const Acceptance& entry = entries_[i];
    if (is_used_[i] || find_finding_page(entry.code) == nullptr) continue;
    const bool is_for_any = entry.on.empty() || entry.on == "*";
    findings.push_back(
        {.severity = Severity::note,
         .code = "site/accept-unused",
         .span = entry.span,
         .message = fmt::format("{}{} is accepted, and is not found", printable(entry.code),
                                is_for_any ? "" : " on " + printable(entry.on)),
         .help = "remove the entry, or correct its `on`",
         .related = {},
         .subject = entry.code});
  }
  return findings;
}

}  // namespace gatehouse::cli
