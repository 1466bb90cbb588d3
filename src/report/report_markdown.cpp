// The report for a ticket or a wiki: short tables, everything that did not pass in full.
#include <fmt/format.h>

#include "base/text.h"
#include "report/markup.h"
#include "report/run_view.h"

namespace gatehouse {

namespace {

std::string cells(const std::vector<std::string>& texts) {
  std::string line = "|";
  for (const std::string& text : texts) line += " " + markdown_text(text) + " |";
  return line + "\n";
}

std::string mark_of(const VerdictView& verdict) {
  if (!verdict.waived.empty()) return "WAIVED (" + verdict.ruling + "): " + verdict.waived;
  return verdict.ruling == "pass" ? "pass" : verdict.ruling == "fail" ? "FAIL" : "UNKNOWN";
}

std::string step_markdown(const StepView& step) {
  std::string text = fmt::format(
      "\n## {}\n\n", markdown_text(fmt::format("{} ({}): {}", step.title, step.source,
                                               step.end.empty() ? "not finished" : step.end)));
  if (step.effect) {
    text += "Command: " + markdown_text(join(step.effect->argv, " ")) + "\n\n";
  }
  if (step.verdicts.empty()) return text;
  text += "| gate | purpose | ruling | checks |\n| --- | --- | --- | --- |\n";
  std::string details;
  for (const VerdictView& verdict : step.verdicts) {
    text += cells(
        {verdict.gate, verdict.purpose, mark_of(verdict), std::to_string(verdict.checks.size())});
    for (const json::value& check : verdict.checks) {
      if (string_or_empty(check, "ruling") == "pass") continue;
      details +=
          "- " +
          markdown_text(fmt::format(
              "{}: {}: expected {}, observed {}", verdict.gate, string_or_empty(check, "subject"),
              string_or_empty(check, "expected"), string_or_empty(check, "observed"))) +
          "\n";
    }
  }
  return text + (details.empty() ? "" : "\n" + details);
}

std::string as_built_markdown(const json::object& record) {
  std::string text = "\n## As built\n\n";
  if (const json::array* machines = find_array(record, "machines")) {
    text += "| bundle | Juju | host | state |\n| --- | --- | --- | --- |\n";
    for (const json::value& row : *machines) {
      text += cells({string_or_empty(row, "bundle"), string_or_empty(row, "juju"),
                     string_or_empty(row, "hostname"), string_or_empty(row, "state")});
    }
  }
  if (const json::array* applications = find_array(record, "applications")) {
    text += "\n| unit | machine | workload | message |\n| --- | --- | --- | --- |\n";
    for (const json::value& application : *applications) {
      const json::array* units = find_array(application, "units");
      if (!units) continue;
      for (const json::value& unit : *units) {
        text += cells({string_or_empty(unit, "unit"), string_or_empty(unit, "machine"),
                       string_or_empty(unit, "workload"), string_or_empty(unit, "message")});
      }
    }
  }
  return text;
}

}  // namespace

std::string to_markdown(const RunView& view) {
  std::string text = "# " + markdown_text("Gatehouse report of run " + view.run) + "\n\n";
  if (const auto lab = find_string(view.about, "lab")) {
    text +=
        "**" + markdown_text("LAB " + *lab + ": nothing here happened to a real cloud") + "**\n\n";
  }
  const std::string end = view.end.empty() ? "cut off" : view.end;
  text += "Result: **" + markdown_text(end) + "**" +
          (view.reason.empty() ? "" : ": " + markdown_text(view.reason)) + "\n";
  if (!view.help.empty()) text += "\nNext: " + markdown_text(view.help) + "\n";
  text +=
      "\n" +
      markdown_text(fmt::format("Site {}, phase {}, {} to {}", string_or_empty(view.about, "site"),
                                string_or_empty(view.about, "phase"), to_rfc3339(view.started),
                                to_rfc3339(view.finished))) +
      "\n";
  for (const StepView& step : view.steps) text += step_markdown(step);
  if (view.as_built) text += as_built_markdown(*view.as_built);
  return text +
         fmt::format("\nJournal head: {} {}\n", view.head.sequence, markdown_text(view.head.hash));
}

}  // namespace gatehouse
