// The report for a reader at a terminal: the runbook's "As-built reference", from the journal
// alone.
#include <fmt/format.h>

#include "base/text.h"
#include "report/markup.h"
#include "report/run_view.h"

namespace gatehouse {

namespace {

std::string joined(const json::array* array, std::string_view separator) {
  std::vector<std::string> parts;
  if (array) {
    for (const json::value& value : *array) {
      if (value.is_string()) parts.emplace_back(value.get_string());
    }
  }
  return join(parts, separator);
}

std::string joined_texts(const json::array* array) {
  return joined(array, " ");
}

std::string mark_of(const std::string& ruling, const std::string& waived) {
  if (!waived.empty()) return "WAIVED";
  return ruling == "pass" ? "pass" : ruling == "fail" ? "FAIL" : "UNKNOWN";
}

std::string check_text(const json::value& check) {
  std::string text =
      fmt::format("      {}: {}: expected {}, observed {}\n", string_or_empty(check, "ruling"),
                  string_or_empty(check, "subject"), string_or_empty(check, "expected"),
                  string_or_empty(check, "observed"));
  if (const auto place = find_string(check, "place"))
    text += fmt::format("        at {}\n", *place);
  if (const auto help = find_string(check, "help"))
    text += fmt::format("        help: {}\n", *help);
  return text;
}

std::string verdict_text(const VerdictView& verdict) {
  std::string text =
      fmt::format("    {:<8} {:<22} {} checks ({})\n", mark_of(verdict.ruling, verdict.waived),
                  verdict.gate, verdict.checks.size(), verdict.purpose);
  if (!verdict.waived.empty()) text += fmt::format("      waived: {}\n", verdict.waived);
  // What passed is told one by one where that is short; all of it stands in the JSON form.
  constexpr std::size_t kToldMax = 16;
  const bool is_told = verdict.purpose == "exit" && verdict.checks.size() <= kToldMax;
  for (const json::value& check : verdict.checks) {
    if (string_or_empty(check, "ruling") != "pass" || is_told) text += check_text(check);
  }
  for (const json::value& finding : verdict.findings) {
    const auto accepted = find_string(finding, "accepted");
    text += fmt::format("      {}: {} [{}]{}\n", string_or_empty(finding, "severity"),
                        string_or_empty(finding, "message"), string_or_empty(finding, "code"),
                        accepted ? " (accepted: " + *accepted + ")" : "");
  }
  return text;
}

// Who held the wait up when it ended, or holds it up now.
std::string waiting_text(const StepView& step) {
  constexpr std::size_t kShownMax = 20;
  std::string text;
  for (std::size_t at = 0; at < step.waiting.size() && at < kShownMax; ++at) {
    text += fmt::format("    not yet: {}\n", string_or_empty(step.waiting[at], "words"));
  }
  if (step.waiting.size() > kShownMax) {
    text += fmt::format("    not yet: and {} more\n", step.waiting.size() - kShownMax);
  }
  const std::pair<const char*, const char*> kinds[] = {{"absent", "expected but absent"},
                                                       {"unexpected", "present but unexpected"},
                                                       {"unread", "cannot be read"}};
  for (const auto& [key, words] : kinds) {
    const json::array* list = find_array(step.beside, key);
    if (list && !list->empty()) text += fmt::format("    {}: {}\n", words, joined(list, ", "));
  }
  if (const auto why = find_string(step.beside, "unobserved")) {
    text += fmt::format("    the model is not observed: {}\n", *why);
  }
  return text;
}

std::string step_text(const StepView& step) {
  std::string text = fmt::format("\n  {} ({}): {}\n", step.title, step.source,
                                 step.end.empty() ? "not finished" : step.end);
  if (step.effect) {
    text += fmt::format("    command: {}\n", join(step.effect->argv, " "));
    if (step.effect->exit_code) text += fmt::format("    exit code: {}\n", *step.effect->exit_code);
    for (const auto& member : step.effect->identity) {
      if (member.value().is_string()) {
        text += fmt::format("    {}: {}\n", std::string(member.key()),
                            std::string(member.value().get_string()));
      }
    }
  }
  if (step.settled_seconds) {
    text +=
        fmt::format("    {} after {}\n", step.settle_result.empty() ? "ended" : step.settle_result,
                    to_words(std::chrono::seconds(*step.settled_seconds)));
  }
  if (step.end != "holds") text += waiting_text(step);
  for (const VerdictView& verdict : step.verdicts) text += verdict_text(verdict);
  if (!step.not_declared.empty()) {
    text += fmt::format("    not declared by the site: {}\n", join(step.not_declared, ", "));
  }
  return text;
}

std::string addresses_text(const json::value& row) {
  std::string text;
  if (const json::object* planes = find_object(row, "addresses")) {
    for (const auto& plane : *planes) {
      text +=
          fmt::format(" {} {}", std::string(plane.key()), joined_texts(plane.value().if_array()));
    }
  }
  return text;
}

std::string units_text(const json::value& application) {
  std::string text;
  const json::array* units = find_array(application, "units");
  if (!units) return text;
  for (const json::value& unit : *units) {
    text += fmt::format("    {:<32} {:<9} {:<8} {} {}\n", string_or_empty(unit, "unit"),
                        string_or_empty(unit, "machine"), string_or_empty(unit, "workload"),
                        string_or_empty(unit, "address"), string_or_empty(unit, "message"));
  }
  return text;
}

std::string model_text(const json::object& record) {
  std::string text;
  if (const json::object* model = find_object(record, "model")) {
    text += fmt::format("  model {} on {}/{} (credential {}), controller {}, uuid {}, Juju {}\n",
                        string_or_empty(*model, "name"), string_or_empty(*model, "cloud"),
                        string_or_empty(*model, "region"), string_or_empty(*model, "credential"),
                        string_or_empty(*model, "controller"), string_or_empty(*model, "uuid"),
                        string_or_empty(*model, "version"));
  }
  if (const json::object* plan = find_object(record, "plan")) {
    text += "  plan:";
    for (const auto& member : *plan) {
      text += fmt::format(" {} {}", json::serialize(member.value()), std::string(member.key()));
    }
    text += "\n";
  }
  return text;
}

std::string role_text(const json::value& row) {
  std::vector<std::string> holders;
  if (const json::array* units = find_array(row, "units")) {
    for (const json::value& unit : *units) {
      holders.push_back(string_or_empty(unit, "unit") + " " + string_or_empty(unit, "address"));
    }
  }
  return fmt::format("    {:<24} {}: {}\n", string_or_empty(row, "applications"),
                     string_or_empty(row, "role"),
                     holders.empty() ? "nobody" : join(holders, ", "));
}

std::string as_built_text(const json::object& record) {
  const bool is_adopted = find_bool(record, "adopted").value_or(false);
  std::string text =
      is_adopted ? "\nAs built, taken over: every line is an observation\n" : "\nAs built\n";
  text += model_text(record);
  if (const json::array* machines = find_array(record, "machines")) {
    text += "  machines (bundle -> Juju -> MAAS):\n";
    for (const json::value& row : *machines) {
      text += fmt::format("    {} -> {} -> {} ({}):{}\n", string_or_empty(row, "bundle"),
                          string_or_empty(row, "juju"), string_or_empty(row, "hostname"),
                          string_or_empty(row, "state"), addresses_text(row));
    }
  }
  if (const json::array* roles = find_array(record, "roles"); roles && !roles->empty()) {
    text += "  roles:\n";
    for (const json::value& row : *roles) text += role_text(row);
  }
  if (const json::array* vips = find_array(record, "vips"); vips && !vips->empty()) {
    text += "  VIPs:\n";
    for (const json::value& row : *vips) {
      text += fmt::format("    {:<24} {}\n", string_or_empty(row, "application"),
                          joined_texts(find_array(row, "addresses")));
    }
  }
  if (const json::array* certificates = find_array(record, "certificates")) {
    text += "  certificates:\n";
    for (const json::value& row : *certificates) {
      text += fmt::format("    {}: {}, until {}, SHA-256 {}\n", string_or_empty(row, "role"),
                          string_or_empty(row, "subject"), string_or_empty(row, "not_after"),
                          string_or_empty(row, "sha256"));
    }
  }
  if (const json::array* applications = find_array(record, "applications")) {
    text += "  units:\n";
    for (const json::value& row : *applications) text += units_text(row);
  }
  return text;
}

std::string next_text(const json::object& record) {
  const json::object* next = find_object(record, "next");
  const json::array* waiting = next ? find_array(*next, "waiting") : nullptr;
  if (!waiting) return {};
  std::string text = fmt::format("\nNext: {}\n", string_or_empty(*next, "phase"));
  if (waiting->empty()) text += "  no unit waits for a person\n";
  for (const json::value& unit : *waiting) {
    text += fmt::format("  {} at {} waits for you: {}\n", string_or_empty(unit, "unit"),
                        string_or_empty(unit, "address"), string_or_empty(unit, "message"));
  }
  return text;
}

std::string raw_text(const RunView& view) {
  std::string text = fmt::format("Gatehouse report of run {}\n", view.run);
  if (const auto lab = find_string(view.about, "lab")) {
    text += fmt::format("LAB {}: nothing here happened to a real cloud\n", *lab);
  }
  text += fmt::format("  site {}, phase {}, started {}, last event {}\n",
                      string_or_empty(view.about, "site"), string_or_empty(view.about, "phase"),
                      to_rfc3339(view.started), to_rfc3339(view.finished));
  if (const auto at = find_string(view.about, "judged_at")) {
    text += fmt::format("  certificates were judged as of {} (--at)\n", *at);
  }
  text += fmt::format("  result: {}{}\n", view.end.empty() ? "cut off" : view.end,
                      view.reason.empty() ? "" : ": " + view.reason);
  if (!view.help.empty()) text += fmt::format("  next: {}\n", view.help);
  if (view.resumed != 0) text += fmt::format("  resumed {} times\n", view.resumed);
  if (const json::array* files = find_array(view.about, "inputs")) {
    text += "  inputs:\n";
    for (const json::value& file : *files) {
      text += fmt::format("    {} SHA-256 {}\n", string_or_empty(file, "path"),
                          string_or_empty(file, "digest"));
    }
  }
  if (const json::array* accepted = find_array(view.about, "accepted");
      accepted && !accepted->empty()) {
    text += "  findings known and kept:\n";
    for (const json::value& row : *accepted) {
      text += fmt::format("    {} on {}: {}\n", string_or_empty(row, "code"),
                          string_or_empty(row, "on"), string_or_empty(row, "reason"));
    }
  }
  for (const StepView& step : view.steps) text += step_text(step);
  if (view.as_built) text += as_built_text(*view.as_built) + next_text(*view.as_built);
  text += fmt::format("\nJournal head: {} {}\n", view.head.sequence, view.head.hash);
  return text;
}

}  // namespace

std::string to_text(const RunView& view) {
  // What came from outside may hold whatever drives a terminal.
  return printable_lines(raw_text(view));
}

}  // namespace gatehouse
