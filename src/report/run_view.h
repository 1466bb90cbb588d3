// A run as its journal tells it: a fold of the events, asked of nothing and judged by nothing. The
// same after a crash, after a resume, or a year later.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "journal/journal.h"

namespace gatehouse {

struct VerdictView {
  std::string gate;
  std::string purpose;  ///< "guard", "exit", "hold", "abort", "latch"
  std::string ruling;
  std::string waived;  ///< the reason; "" where it is not
  json::array checks;
  json::array findings;
  Moment at{};
};

struct EffectView {
  std::string name;
  std::vector<std::string> argv;
  std::optional<std::int64_t> exit_code;
  std::string landed;
  json::object identity;
};

struct StepView {
  std::string id, title, source;
  std::string end;  ///< "" while it runs
  std::string reason;
  std::vector<VerdictView> verdicts;  ///< the last of each gate and purpose, in order
  std::vector<std::string> not_declared;
  std::optional<EffectView> effect;
  std::optional<std::int64_t> settled_seconds;
  std::string settle_result;         ///< "settled", "failed", "flapping", ...; "" while it waits
  std::vector<json::value> waiting;  ///< who holds the wait up, as last told
  json::object beside;               ///< absent, unexpected, unread, unobserved, as last told
  Moment started{}, finished{};
};

/// The model at one moment of the wait.
struct SampleView {
  Moment at{};
  std::map<std::string, std::int64_t> counts;  ///< units by their workload status
  std::int64_t machines_started = 0;
  std::int64_t machines_in_all = 0;
};

struct RunView {
  std::string run;
  json::object about;
  std::vector<StepView> steps;
  std::optional<json::object> as_built;
  std::string end;  ///< "" for a run that was cut off
  std::string reason, help;
  std::vector<SampleView> samples;
  std::size_t resumed = 0;
  std::size_t unread = 0;  ///< events of kinds that this version does not know
  Moment started{}, finished{};
  JournalHead head;
};

RunView fold(const std::vector<Event>& events);

/// What one event says to somebody who watches; "" for those that say nothing. With line feeds.
std::string progress_of(const Event& event);

/// The views of a run. In all of them foreign text is made harmless: control characters are told as
/// \\xNN, and what a markup language would read as its own is escaped.
std::string to_text(const RunView& view);
json::object to_json(const RunView& view);
/// One page that loads nothing: no script, no font, no picture from elsewhere.
std::string to_html(const RunView& view);
std::string to_markdown(const RunView& view);
/// JUnit XML: one test case for each check of each gate.
std::string to_junit(const RunView& view);

}  // namespace gatehouse
