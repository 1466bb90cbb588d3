// One line, or a few, for each event that somebody who watches wants to see.
#include <fmt/format.h>

#include "base/text.h"
#include "report/run_view.h"

namespace gatehouse {

namespace {

std::string clock_of(const Event& event) {
  return to_rfc3339(event.at).substr(11, 8);
}

std::string mark_of(const std::string& ruling, bool is_waived, bool is_waiting) {
  if (is_waived) return "WAIVED";
  if (ruling == "pass") return "pass";
  if (is_waiting) return "not yet";
  return ruling == "fail" ? "FAIL" : "unknown";
}

// The checks that decided, at most so many; a wait shows fewer, for it will change anyway.
std::string deciding_checks(const json::array& checks, const std::string& ruling,
                            std::size_t shown_max) {
  std::string text;
  std::size_t count = 0;
  for (const json::value& check : checks) {
    if (string_or_empty(check, "ruling") != ruling || ++count > shown_max) continue;
    text += fmt::format("             {}: expected {}, observed {}\n",
                        string_or_empty(check, "subject"), string_or_empty(check, "expected"),
                        string_or_empty(check, "observed"));
  }
  if (count > shown_max) text += fmt::format("             and {} more\n", count - shown_max);
  return text;
}

std::string verdict_progress(const Event& event) {
  const json::array* checks = find_array(event.body, "checks");
  const std::string ruling = string_or_empty(event.body, "ruling");
  const std::string purpose = string_or_empty(event.body, "purpose");
  const bool is_waiting =
      purpose == "hold" || (purpose != "exit" && purpose != "guard" && ruling == "unknown");
  std::string text =
      fmt::format("{}   {:<8} {:<22} {}\n", clock_of(event),
                  mark_of(ruling, find_string(event.body, "waived").has_value(), is_waiting),
                  string_or_empty(event.body, "gate"),
                  ruling == "pass" ? fmt::format("{} checks", checks ? checks->size() : 0) : "");
  constexpr std::size_t kShownMax = 6, kShownWhileWaiting = 1;
  if (checks && ruling != "pass") {
    text += deciding_checks(*checks, ruling, is_waiting ? kShownWhileWaiting : kShownMax);
  }
  if (const json::array* findings = find_array(event.body, "findings")) {
    for (const json::value& finding : *findings) {
      text += fmt::format("             {}: {} [{}]\n", string_or_empty(finding, "severity"),
                          string_or_empty(finding, "message"), string_or_empty(finding, "code"));
    }
  }
  return text;
}

std::string intent_progress(const Event& event) {
  std::vector<std::string> words;
  if (const json::array* argv = find_array(event.body, "argv")) {
    for (const json::value& word : *argv) {
      if (word.is_string()) words.emplace_back(word.get_string());
    }
  }
  return fmt::format("{}   effect   {}\n", clock_of(event), join(words, " "));
}

std::string sample_progress(const Event& event) {
  std::string counts;
  if (const json::object* object = find_object(event.body, "counts")) {
    for (const auto& member : *object) {
      counts += fmt::format(" {} {}", json::serialize(member.value()), std::string(member.key()));
    }
  }
  return fmt::format("{}   model    {}/{} machines started; units:{}\n", clock_of(event),
                     find_integer(event.body, "machines_started").value_or(0),
                     find_integer(event.body, "machines_in_all").value_or(0),
                     counts.empty() ? " none" : counts);
}

}  // namespace

std::string progress_of(const Event& event) {
  const json::object& body = event.body;
  if (event.kind == "step_started") {
    return fmt::format("{} {}: {} ({})\n", clock_of(event), string_or_empty(body, "step"),
                       string_or_empty(body, "title"), string_or_empty(body, "source"));
  }
  if (event.kind == "verdict") return verdict_progress(event);
  if (event.kind == "intent") return intent_progress(event);
  if (event.kind == "sample") return sample_progress(event);
  if (event.kind == "landed") {
    return fmt::format("{}   landed   {}\n", clock_of(event), string_or_empty(body, "landed"));
  }
  if (event.kind == "latched") {
    return fmt::format("{}   LATCHED  {}: the run fails; the watch goes on\n", clock_of(event),
                       string_or_empty(body, "gate"));
  }
  if (event.kind == "outcome") {
    const auto code = find_integer(body, "exit_code");
    return fmt::format("{}   outcome  {}\n", clock_of(event),
                       code ? fmt::format("exit code {}", *code) : "told by observation");
  }
  if (event.kind == "run_finished") {
    const std::string reason = string_or_empty(body, "reason");
    return fmt::format("{} run {}{}\n", clock_of(event), string_or_empty(body, "end"),
                       reason.empty() ? "" : ": " + reason);
  }
  return {};
}

}  // namespace gatehouse
