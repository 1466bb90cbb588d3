// One line, or a few, for each event that somebody who watches wants to see.
#include <fmt/format.h>

#include "base/text.h"
#include "report/markup.h"
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

std::string short_list(const json::array& list, std::size_t shown_max) {
  std::vector<std::string> texts;
  for (const json::value& text : list) {
    if (text.is_string() && texts.size() < shown_max) texts.emplace_back(text.get_string());
  }
  return join(texts, ", ") +
         (list.size() > shown_max ? fmt::format(" and {} more", list.size() - shown_max) : "");
}

// What began to hold it up; that something ceased to shows in the count. Then how long it lasts,
// and what earlier runs say of how long it may.
std::string waiting_progress(const Event& event) {
  constexpr std::size_t kShownMax = 6, kRootsShown = 3;
  const Milliseconds elapsed =
      std::chrono::seconds(find_integer(event.body, "elapsed_seconds").value_or(0));
  std::string text =
      fmt::format("{}   waiting  {} in, {} held up", clock_of(event), to_words(elapsed),
                  find_integer(event.body, "holding_up").value_or(0));
  if (const auto earlier = find_integer(event.body, "earlier_seconds")) {
    const Milliseconds took = std::chrono::seconds(*earlier);
    text += took > elapsed
                ? fmt::format("; about {} more, as in earlier runs", to_words(took - elapsed))
                : fmt::format("; earlier runs took {}", to_words(took));
  }
  text += "\n";
  if (const json::array* roots = find_array(event.body, "roots")) {
    for (std::size_t at = 0; at < roots->size() && at < kRootsShown; ++at) {
      const auto units = find_integer((*roots)[at], "units").value_or(0);
      // One that holds only itself up is told below.
      if (units < 2) continue;
      text +=
          fmt::format("             {} units are held up by {}, which {}\n", units,
                      string_or_empty((*roots)[at], "who"), string_or_empty((*roots)[at], "what"));
    }
  }
  const json::array* added = find_array(event.body, "added");
  for (std::size_t at = 0; added && at < added->size() && at < kShownMax; ++at) {
    text += "             " + string_or_empty((*added)[at], "words") + "\n";
  }
  if (added && added->size() > kShownMax) {
    text += fmt::format("             and {} more\n", added->size() - kShownMax);
  }
  for (const char* key : {"absent", "unexpected", "unread"}) {
    const json::array* list = find_array(event.body, key);
    if (list && !list->empty()) {
      text += fmt::format("             {}: {}\n", key, short_list(*list, kShownMax));
    }
  }
  return text;
}

// Of what a child says the last line shows how far it is; warnings and errors are told whole.
std::string output_progress(const Event& event) {
  const json::array* lines = find_array(event.body, "lines");
  if (!lines || lines->empty()) return {};
  const bool is_talk = string_or_empty(event.body, "stream") == "stderr";
  std::string text;
  const auto tell = [&](const json::value& line) {
    const std::string words = line.is_string() ? std::string(line.get_string()) : "";
    text += fmt::format("{}   juju     {}\n", clock_of(event), words);
  };
  for (const json::value& line : *lines) {
    const std::string words = line.is_string() ? std::string(line.get_string()) : "";
    const bool is_notable = words.starts_with("WARNING") || words.starts_with("ERROR");
    if (is_talk && is_notable) tell(line);
  }
  if (!is_talk) {
    tell(lines->back());
    if (lines->size() > 1) {
      text.insert(text.size() - 1, fmt::format(" (and {} lines before)", lines->size() - 1));
    }
  }
  return text;
}

std::string quiet_progress(const Event& event) {
  const std::chrono::seconds quiet(find_integer(event.body, "seconds").value_or(0));
  return fmt::format(
      "{}   notice   process {} has said nothing for {}; it still runs and is left alone\n",
      clock_of(event), find_integer(event.body, "pid").value_or(0), to_words(quiet));
}

std::vector<std::string> texts(const json::value& row, std::string_view key) {
  std::vector<std::string> found;
  if (const json::array* array = find_array(row, key)) {
    for (const json::value& value : *array) {
      if (value.is_string()) found.emplace_back(value.get_string());
    }
  }
  return found;
}

// A name that does not resolve is told at once; that it does, in one line for all.
std::string lookups_progress(const Event& event) {
  const json::array* lookups = find_array(event.body, "lookups");
  if (!lookups) return {};
  std::string text;
  std::vector<std::string> fine;
  for (const json::value& lookup : *lookups) {
    const auto unresolved = texts(lookup, "unresolved");
    const std::string machine = string_or_empty(lookup, "machine");
    if (unresolved.empty()) {
      fine.push_back(machine);
      continue;
    }
    text += fmt::format("{}   names    machine {}: {} does not resolve, resolvers {}\n",
                        clock_of(event), machine, join(unresolved, ", "),
                        join(texts(lookup, "resolvers"), ", "));
  }
  constexpr std::size_t kShownMax = 8;
  const std::size_t count = fine.size();
  if (count > kShownMax) fine.resize(kShownMax);
  if (count > 0) {
    text += fmt::format("{}   names    resolve on {}{}\n", clock_of(event), join(fine, ", "),
                        count > kShownMax ? fmt::format(" and {} more", count - kShownMax) : "");
  }
  return text;
}

std::string raw_progress(const Event& event) {
  const json::object& body = event.body;
  if (event.kind == "step_started") {
    return fmt::format("{} {}: {} ({})\n", clock_of(event), string_or_empty(body, "step"),
                       string_or_empty(body, "title"), string_or_empty(body, "source"));
  }
  if (event.kind == "verdict") return verdict_progress(event);
  if (event.kind == "intent") return intent_progress(event);
  if (event.kind == "sample") return sample_progress(event);
  if (event.kind == "waiting") return waiting_progress(event);
  if (event.kind == "unobserved") {
    return fmt::format("{}   unseen   the model is not observed, and is asked again: {}\n",
                       clock_of(event), string_or_empty(body, "error"));
  }
  if (event.kind == "settled") {
    return fmt::format("{}   {}, after {}\n", clock_of(event), string_or_empty(body, "result"),
                       to_words(std::chrono::seconds(find_integer(body, "seconds").value_or(0))));
  }
  if (event.kind == "child_output") return output_progress(event);
  if (event.kind == "child_quiet") return quiet_progress(event);
  if (event.kind == "name_lookups") return lookups_progress(event);
  if (event.kind == "adopted") {
    return fmt::format("{}   adopted  what step {} does was done by hand\n", clock_of(event),
                       string_or_empty(body, "step"));
  }
  if (event.kind == "landed") {
    return fmt::format("{}   landed   {}{}\n", clock_of(event), string_or_empty(body, "landed"),
                       find(body, "is_asked_again") ? ", and is asked again" : "");
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

}  // namespace

std::string progress_of(const Event& event) {
  return printable_lines(raw_progress(event));
}

}  // namespace gatehouse
