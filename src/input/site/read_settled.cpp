// The section `settled`, and the two that say what else is expected or accepted: bindings, accept.
#include <fmt/format.h>

#include "base/text.h"
#include "input/site/sections.h"

namespace gatehouse::site_file {

namespace {

// Juju 3.6, core/status/status.go: what a charm may set, and what Juju sets for it.
const std::vector<std::string>& workload_words() {
  static const std::vector<std::string> words = {"active",  "blocked", "waiting", "maintenance",
                                                 "unknown", "unset",   "error",   "terminated"};
  return words;
}

const std::vector<std::string>& agent_words() {
  static const std::vector<std::string> words = {"idle",   "executing", "allocating", "error",
                                                 "failed", "rebooting", "lost"};
  return words;
}

void read_state(ExpectedState& state, const Field& field) {
  Map map(field);
  state.span = field.key_span;
  read_into(state.workload, map.take("workload"),
            [](const Field& word) { return read_choice(word, workload_words()); });
  read_into(state.agent, map.take("agent"),
            [](const Field& word) { return read_choice(word, agent_words()); });
  read_into(state.message, map.take("message"), read_text);
  read_into(state.never, map.take("never"), read_word);
  if (const std::optional<Field> exactly = map.take("exactly")) {
    for (const NamedField& entry : read_entries(*exactly)) {
      if (const std::optional<std::size_t> count = read_count(entry.field)) {
        state.exactly[entry.name] = *count;
      }
    }
  }
  map.refuse_others();
}

void read_expectations(Settled& settled, const Field& field) {
  for (const NamedField& entry : read_entries(field)) {
    for (const std::string& part : split(entry.name, '|')) {
      if (!part.empty() && part.find_first_of(" \t") == std::string::npos) continue;
      field.findings->error(
          "bad-name", entry.field.key_span,
          fmt::format("settled.expect has the key \"{}\", wanted applications as \"a|b|c\"",
                      entry.name));
      break;
    }
    ExpectedState state;
    state.applications = entry.name;
    read_state(state, entry.field);
    settled.expect.push_back(std::move(state));
  }
}

}  // namespace

void read_settled(Settled& settled, const Field& field) {
  using std::chrono::hours;
  using std::chrono::minutes;
  Map map(field);
  settled.span = field.span();
  settled.deadline = hours(3);
  settled.dwell = minutes(6);
  settled.error_grace = minutes(10);
  settled.otherwise.workload = "active";
  settled.otherwise.agent = "idle";
  const std::optional<Field> deadline = map.take("deadline");
  read_into(settled.deadline, deadline, read_duration);
  read_into(settled.dwell, map.take("dwell"), read_duration);
  read_into(settled.error_grace, map.take("error_grace"), read_duration);
  const std::optional<Field> interval = map.take("interval");
  read_into(settled.interval, interval, read_duration);
  if (const auto otherwise = map.take("default")) read_state(settled.otherwise, *otherwise);
  if (const auto expect = map.take("expect")) read_expectations(settled, *expect);
  map.refuse_others();
  if (interval && settled.interval <= Milliseconds(0)) {
    interval->complain("bad-duration", "a duration longer than nothing");
  }
  if (deadline && settled.deadline <= settled.dwell) {
    deadline->complain("bad-duration",
                       fmt::format("more than the dwell time of {}", to_words(settled.dwell)));
  }
}

void read_bindings(Site& site, const Field& field) {
  for (const NamedField& application : read_entries(field)) {
    for (const NamedField& endpoint : read_entries(application.field)) {
      if (const std::optional<std::string> plane = read_word(endpoint.field)) {
        site.bindings[application.name][endpoint.name] = {*plane, endpoint.field.span()};
      }
    }
  }
}

void read_accept(std::vector<Acceptance>& accept, const Field& field) {
  for (const Field& item : read_items(field)) {
    Map map(item);
    Acceptance acceptance;
    acceptance.span = item.span();
    read_into(acceptance.code, map.need("code"), read_word);
    read_into(acceptance.on, map.take("on"), read_text);
    read_into(acceptance.reason, map.need("reason"), read_word);
    map.refuse_others();
    accept.push_back(std::move(acceptance));
  }
}

}  // namespace gatehouse::site_file
