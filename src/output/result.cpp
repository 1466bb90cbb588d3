#include "output/result.h"

namespace gatehouse {

std::optional<OutputFormat> parse_output_format(std::string_view word) {
  if (word == "text") return OutputFormat::text;
  if (word == "json") return OutputFormat::json;
  if (word == "sarif") return OutputFormat::sarif;
  if (word == "junit") return OutputFormat::junit;
  return std::nullopt;
}

bool fails(const std::vector<Diagnostic>& findings, Warnings warnings) {
  const SeverityCounts counts = count_severities(findings);
  return counts.errors != 0 || (warnings == Warnings::refused && counts.warnings != 0);
}

SeverityCounts count_severities(const std::vector<Diagnostic>& findings) {
  SeverityCounts counts;
  for (const Diagnostic& finding : findings) {
    switch (finding.severity) {
      case Severity::error:
        ++counts.errors;
        break;
      case Severity::warning:
        ++counts.warnings;
        break;
      case Severity::note:
        ++counts.notes;
        break;
    }
  }
  return counts;
}

}  // namespace gatehouse
