// Who holds a wait up, as events: only what changed since the event before, with the elapsed time
// and, where earlier runs of the site settled, how long they took. Folded again, the last state.
#pragma once

#include <optional>
#include <vector>

#include "base/json.h"
#include "base/moment.h"
#include "gates/why_not_yet.h"

namespace gatehouse {

class WaitingEvents {
 public:
  /// How long the same step took in earlier runs that settled, the newest first.
  void set_earlier(std::vector<Milliseconds> took) { earlier_ = std::move(took); }

  /// The body of a `waiting` event, or nothing where nothing changed: `gone` are places in the list
  /// before it, `added` follow at its end. At most kGroupsMax groups are told; `more` counts the
  /// rest.
  std::optional<json::object> changes(const NotYet& why, Milliseconds elapsed);

  static constexpr std::size_t kGroupsMax = 100;

 private:
  std::vector<Milliseconds> earlier_;
  std::vector<Waiting> told_;
  NotYet beside_;  ///< absent, unexpected, unread and unobserved, as last told
};

}  // namespace gatehouse
