#include "cli/print_result.h"

#include "cli/context.h"
#include "output/write.h"

namespace gatehouse::cli {

namespace {

VerdictRow row_of(const Verdict& verdict) {
  VerdictRow row;
  row.gate = verdict.gate;
  const Gate* gate = find_gate(verdict.gate);
  if (gate) row.question = std::string(gate->question);
  row.ruling = to_string(verdict.ruling);
  for (const Check& check : verdict.checks) {
    row.checks.push_back({check.subject, check.expected, check.observed, to_string(check.ruling),
                          check.span, check.help});
  }
  row.findings = verdict.findings;
  row.record = to_json(verdict);
  return row;
}

}  // namespace

CommandResult make_result(std::string command, bool is_strict) {
  CommandResult result;
  result.command = std::move(command);
  result.version = kVersion;
  result.warnings = is_strict ? Warnings::refused : Warnings::tolerated;
  return result;
}

std::vector<VerdictRow> rows_of(std::span<const Verdict> verdicts) {
  std::vector<VerdictRow> rows;
  for (const Verdict& verdict : verdicts) rows.push_back(row_of(verdict));
  return rows;
}

void print(const CommandResult& result, OutputFormat format, Console& console) {
  console.data(write(result, format));
}

}  // namespace gatehouse::cli
