#include <map>

#include <fmt/format.h>

#include "base/text.h"
#include "output/write.h"

namespace gatehouse {

namespace {

enum class Outcome { passed, failed, unknown, skipped };

struct TestCase {
  std::string group;  ///< "class" in the words of JUnit: a gate, or "findings"
  std::string name;
  Outcome outcome = Outcome::passed;
  std::string kind = {};     ///< of a failure: a severity or a ruling
  std::string message = {};  ///< one line
  std::string body = {};     ///< all lines
};

// XML 1.0 knows neither control characters nor U+FFFE and U+FFFF, and printable() lets the two
// pass.
std::string escaped_line(std::string_view text) {
  std::string safe;
  for (const char c : replace_all(replace_all(printable(text), "\xef\xbf\xbe", "\\ufffe"),
                                  "\xef\xbf\xbf", "\\uffff")) {
    switch (c) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      case '\'':
        safe += "&apos;";
        break;
      default:
        safe += c;
    }
  }
  return safe;
}

std::string escaped_lines(std::string_view text) {
  std::string safe;
  for (const std::string_view line : lines_of(text)) safe += escaped_line(line) + "\n";
  return safe;
}

Outcome outcome_of(const std::string& ruling) {
  return ruling == "pass" ? Outcome::passed : ruling == "fail" ? Outcome::failed : Outcome::unknown;
}

TestCase case_of(const VerdictRow& verdict, const CheckRow& check) {
  TestCase row{.group = verdict.gate,
               .name = check.subject,
               .outcome = outcome_of(check.ruling),
               .kind = check.ruling,
               .message = fmt::format("expected {}, observed {}", check.expected, check.observed)};
  row.body = row.message + "\n";
  if (check.span) row.body += "at " + to_string(check.span) + "\n";
  if (!check.help.empty()) row.body += "help: " + check.help + "\n";
  return row;
}

void add_cases(const VerdictRow& verdict, std::vector<TestCase>& cases) {
  for (const CheckRow& check : verdict.checks) cases.push_back(case_of(verdict, check));
  if (verdict.checks.empty()) {
    cases.push_back({.group = verdict.gate,
                     .name = verdict.gate,
                     .outcome = outcome_of(verdict.ruling),
                     .kind = verdict.ruling,
                     .message = "there was nothing to examine",
                     .body = "there was nothing to examine\n"});
  }
}

bool is_failure(const Diagnostic& finding, Warnings warnings) {
  return finding.severity == Severity::error ||
         (finding.severity == Severity::warning && warnings == Warnings::refused);
}

// All findings of one code are one case: it fails where one of them counts.
void add_cases(const std::vector<Diagnostic>& findings, Warnings warnings,
               std::vector<TestCase>& cases) {
  std::map<std::string, TestCase> by_code;
  for (const Diagnostic& finding : findings) {
    TestCase& row = by_code[finding.code];
    row.group = "findings";
    row.name = finding.code;
    if (is_failure(finding, warnings) && row.outcome != Outcome::failed) {
      row.outcome = Outcome::failed;
      row.kind = to_string(finding.severity);
      row.message = finding.message;
    }
    std::string place = to_string(finding.span);
    if (!place.empty()) place += ": ";
    row.body += fmt::format("{}{}: {}\n", printable(place), to_string(finding.severity),
                            printable(finding.message));
    if (!finding.help.empty()) row.body += "help: " + printable(finding.help) + "\n";
  }
  for (auto& [code, row] : by_code) cases.push_back(std::move(row));
}

void add_accepted(const std::vector<Diagnostic>& accepted, std::vector<TestCase>& cases) {
  for (const Diagnostic& finding : accepted) {
    cases.push_back({.group = "accepted",
                     .name = fmt::format("{} {}", finding.code, to_string(finding.span)),
                     .outcome = Outcome::skipped,
                     .message = "accepted in the site file: " + finding.message});
  }
}

std::string xml_of(const TestCase& row) {
  const std::string head = fmt::format("    <testcase classname=\"gatehouse.{}\" name=\"{}\"",
                                       escaped_line(row.group), escaped_line(row.name));
  const auto told = [&](std::string_view element) {
    return fmt::format("{0}>\n      <{1} message=\"{2}\" type=\"{3}\">{4}</{1}>\n    </testcase>\n",
                       head, element, escaped_line(row.message), escaped_line(row.kind),
                       escaped_lines(row.body));
  };
  switch (row.outcome) {
    case Outcome::failed:
      return told("failure");
    case Outcome::unknown:
      return told("error");
    case Outcome::skipped:
      return fmt::format("{}>\n      <skipped message=\"{}\"/>\n    </testcase>\n", head,
                         escaped_line(row.message));
    case Outcome::passed:
      break;
  }
  if (row.group != "findings" || row.body.empty()) return head + "/>\n";
  return fmt::format("{}>\n      <system-out>{}</system-out>\n    </testcase>\n", head,
                     escaped_lines(row.body));
}

std::string counts_of(const std::vector<TestCase>& cases) {
  const auto count = [&](Outcome outcome) {
    return std::count_if(cases.begin(), cases.end(),
                         [&](const TestCase& row) { return row.outcome == outcome; });
  };
  return fmt::format("tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\"", cases.size(),
                     count(Outcome::failed), count(Outcome::unknown), count(Outcome::skipped));
}

}  // namespace

std::string write_junit(const CommandResult& result) {
  std::vector<TestCase> cases;
  std::vector<Diagnostic> findings = result.findings;
  if (result.verdicts) {
    for (const VerdictRow& verdict : *result.verdicts) {
      add_cases(verdict, cases);
      findings.insert(findings.end(), verdict.findings.begin(), verdict.findings.end());
    }
  }
  add_cases(findings, result.warnings, cases);
  add_accepted(result.accepted, cases);
  // Many readers take a suite without a case for one that did not run.
  if (cases.empty()) cases.push_back({.group = "findings", .name = "nothing to remark"});
  std::string body;
  for (const TestCase& row : cases) body += xml_of(row);
  const std::string counts = counts_of(cases);
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<testsuites name=\"gatehouse\" {0}>\n  <testsuite name=\"{1}\" {0}>\n{2}  </testsuite>\n"
      "</testsuites>\n",
      counts, escaped_line(result.command), body);
}

}  // namespace gatehouse
