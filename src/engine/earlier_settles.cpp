#include "engine/earlier_settles.h"

#include "engine/run_events.h"

namespace gatehouse {

namespace {

constexpr std::size_t kRunsMax = 5;

}  // namespace

std::vector<Milliseconds> earlier_settles(Journal& journal, std::string_view run,
                                          std::string_view step) {
  std::vector<Milliseconds> took;
  const auto runs = journal.runs();
  if (!runs) return took;
  for (auto other = runs->rbegin(); other != runs->rend() && took.size() < kRunsMax; ++other) {
    if (*other == run) continue;
    const auto events = journal.events_of(*other);
    if (!events) return took;
    for (const Event& event : *events) {
      if (event.kind != event_kind::kSettled || string_or_empty(event.body, "step") != step) {
        continue;
      }
      const auto seconds = find_integer(event.body, "seconds");
      if (seconds && find_bool(event.body, "settled").value_or(false)) {
        took.push_back(std::chrono::seconds(*seconds));
      }
    }
  }
  return took;
}

}  // namespace gatehouse
