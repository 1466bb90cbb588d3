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

// How it ended, for a run can end badly where every gate holds: a command that failed, a plug that
// was pulled.
VerdictRow row_of_end(const RunView& view) {
  const bool holds = view.end == "holds";
  const std::string end = view.end.empty() ? "was cut off" : view.end;
  VerdictRow row;
  row.gate = "run.end";
  row.ruling = holds ? "pass" : view.end == "fails" ? "fail" : "unknown";
  row.checks.push_back({.subject = view.run,
                        .expected = "holds",
                        .observed = view.reason.empty() ? end : end + ": " + view.reason,
                        .ruling = row.ruling,
                        .span = {},
                        .help = view.help});
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
  result.verdicts->push_back(row_of_end(view));
  return write_junit(result);
}

}  // namespace gatehouse
