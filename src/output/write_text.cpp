#include <fmt/format.h>

#include "base/text.h"
#include "output/write.h"

namespace gatehouse {

namespace {

std::string counted(std::size_t count, std::string_view word) {
  return fmt::format("{} {}{}", count, word, count == 1 ? "" : "s");
}

std::string check_text(const CheckRow& check) {
  std::string text =
      fmt::format("         {}: expected {}, observed {}\n", printable(check.subject),
                  printable(check.expected), printable(check.observed));
  if (check.span) text += fmt::format("           at {}\n", printable(to_string(check.span)));
  if (!check.help.empty()) text += fmt::format("           help: {}\n", printable(check.help));
  return text;
}

std::string verdict_text(const VerdictRow& verdict) {
  const std::string ruling = verdict.ruling == "fail" ? "FAIL" : verdict.ruling;
  std::string text = fmt::format("{:<8} {:<22} {}\n", ruling, verdict.gate,
                                 counted(verdict.checks.size(), "check"));
  for (const CheckRow& check : verdict.checks) {
    if (check.ruling != "pass") text += check_text(check);
  }
  for (const Diagnostic& finding : verdict.findings) {
    text += fmt::format("         {}: {} [{}]\n", to_string(finding.severity),
                        printable(finding.message), finding.code);
    if (!finding.help.empty())
      text += fmt::format("           help: {}\n", printable(finding.help));
  }
  return text;
}

std::string accepted_text(const Diagnostic& finding) {
  std::string place = to_string(finding.span);
  if (!place.empty()) place += ": ";
  return fmt::format("{}accepted: {} [{}]\n", printable(place), printable(finding.message),
                     finding.code);
}

std::string rulings_text(const std::vector<VerdictRow>& verdicts) {
  std::size_t pass = 0, fail = 0, unknown = 0;
  for (const VerdictRow& verdict : verdicts) {
    ++(verdict.ruling == "pass" ? pass : verdict.ruling == "fail" ? fail : unknown);
  }
  return fmt::format("{}: {} pass, {} fail, {} unknown", counted(verdicts.size(), "gate"), pass,
                     fail, unknown);
}

std::string summary_text(const CommandResult& result) {
  std::vector<std::string> parts;
  if (result.verdicts) parts.push_back(rulings_text(*result.verdicts));
  const SeverityCounts counts = count_severities(result.findings);
  parts.push_back(result.findings.empty()
                      ? "nothing to remark"
                      : fmt::format("{}, {}, {}", counted(counts.errors, "error"),
                                    counted(counts.warnings, "warning"),
                                    counted(counts.notes, "note")));
  if (!result.accepted.empty()) parts.push_back(fmt::format("{} accepted", result.accepted.size()));
  const std::string subject = result.subject.empty() ? "" : printable(result.subject) + ": ";
  return subject + join(parts, "; ") + "\n";
}

}  // namespace

std::string write_text(const CommandResult& result) {
  std::string text;
  for (const Diagnostic& finding : result.findings) text += render(finding, Colour::off);
  for (const Diagnostic& finding : result.accepted) text += accepted_text(finding);
  if (result.verdicts) {
    for (const VerdictRow& verdict : *result.verdicts) text += verdict_text(verdict);
  }
  for (const std::string_view line : lines_of(result.text_more)) text += printable(line) + "\n";
  return text + summary_text(result);
}

}  // namespace gatehouse
