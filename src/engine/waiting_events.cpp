#include "engine/waiting_events.h"

#include <algorithm>

namespace gatehouse {

namespace {

constexpr std::size_t kRootsMax = 5;

bool contains(const std::vector<Waiting>& list, const Waiting& wanted) {
  return std::any_of(list.begin(), list.end(),
                     [&](const Waiting& one) { return one.is_same(wanted); });
}

bool is_same_beside(const NotYet& a, const NotYet& b) {
  return a.absent == b.absent && a.unexpected == b.unexpected && a.unread == b.unread &&
         a.unobserved == b.unobserved;
}

Milliseconds median(std::vector<Milliseconds> times) {
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

}  // namespace

std::optional<json::object> WaitingEvents::changes(const NotYet& why, Milliseconds elapsed) {
  // What is not seen now is not gone: it is told again when it is seen again.
  std::vector<Waiting> now = why.unobserved ? told_ : why.holding_up;
  const std::size_t more = now.size() > kGroupsMax ? now.size() - kGroupsMax : 0;
  now.resize(now.size() - more);
  json::array gone, added;
  std::vector<Waiting> kept;
  for (std::size_t at = 0; at < told_.size(); ++at) {
    if (contains(now, told_[at])) {
      kept.push_back(std::move(told_[at]));
    } else {
      gone.emplace_back(at);
    }
  }
  for (Waiting& waiting : now) {
    if (contains(kept, waiting)) continue;
    added.push_back(to_json(waiting));
    kept.push_back(std::move(waiting));
  }
  told_ = std::move(kept);
  const bool is_same = gone.empty() && added.empty() && is_same_beside(why, beside_);
  beside_ = why;
  if (is_same) return std::nullopt;
  json::object rest = to_json(why);
  json::object body{{"elapsed_seconds", elapsed.count() / 1000},
                    {"holding_up", told_.size() + more},
                    {"gone", std::move(gone)},
                    {"added", std::move(added)},
                    {"more", more}};
  for (const char* key : {"absent", "unexpected", "unread", "unobserved"}) {
    if (const json::value* value = find(rest, key)) body[key] = *value;
  }
  json::array roots;
  for (std::size_t at = 0; at < why.roots.size() && at < kRootsMax; ++at) {
    roots.push_back(to_json(why.roots[at]));
  }
  body["roots"] = std::move(roots);
  if (!earlier_.empty()) {
    body["earlier_runs"] = earlier_.size();
    body["earlier_seconds"] = median(earlier_).count() / 1000;
  }
  return body;
}

}  // namespace gatehouse
