// The report for a build server: what the run judged last, as if by a command that judges.
#include <fmt/format.h>

#include "output/write.h"
#include "report/run_view.h"

namespace gatehouse {

namespace {

VerdictRow row_of(const StepView& step, const VerdictView& verdict) {
  VerdictRow row;
  row.gate = fmt::format("{}.{}.{}", step.id, verdict.gate, verdict.purpose);
  row.ruling = verdict.ruling;
  for (const json::value& check : verdict.checks) {
    row.checks.push_back({.subject = string_or_empty(check, "subject"),
                          .expected = string_or_empty(check, "expected"),
                          .observed = string_or_empty(check, "observed"),
                          .ruling = string_or_empty(check, "ruling"),
                          .span = {},
                          .help = verdict.waived.empty() ? string_or_empty(check, "help")
                                                         : "waived: " + verdict.waived});
  }
  return row;
}

}  // namespace

std::string to_junit(const RunView& view) {
  CommandResult result;
  result.command = "run";
  result.version = string_or_empty(view.about, "version");
  result.subject = view.run;
  result.verdicts.emplace();
  for (const StepView& step : view.steps) {
    for (const VerdictView& verdict : step.verdicts) {
      result.verdicts->push_back(row_of(step, verdict));
    }
  }
  return write_junit(result);
}

}  // namespace gatehouse
