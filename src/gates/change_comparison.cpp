#include "gates/change_comparison.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include "base/text.h"
#include "facts/change_line.h"
#include "input/bundle/base_and_series.h"

namespace gatehouse {

namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

// Of each planned line the place in the printed ones of the same text; the n-th goes to the n-th.
std::vector<std::size_t> match_equal(std::span<const std::string> planned,
                                     std::span<const std::string> printed) {
  std::map<std::string_view, std::vector<std::size_t>> places;
  for (std::size_t i = printed.size(); i-- > 0;) places[printed[i]].push_back(i);
  std::vector<std::size_t> matches(planned.size(), kNone);
  for (std::size_t i = 0; i < planned.size(); ++i) {
    const auto found = places.find(planned[i]);
    if (found == places.end() || found->second.empty()) continue;
    matches[i] = found->second.back();
    found->second.pop_back();
  }
  return matches;
}

// Pairs what is left over by what is done to what.
void match_by_subject(std::span<const std::string> planned, std::span<const std::string> printed,
                      std::vector<std::size_t>& matches, std::vector<bool>& is_taken) {
  std::map<ChangeLine, std::vector<std::size_t>> left;
  for (std::size_t i = printed.size(); i-- > 0;) {
    if (!is_taken[i]) left[parse_change_line(printed[i])].push_back(i);
  }
  for (std::size_t i = 0; i < planned.size(); ++i) {
    if (matches[i] != kNone) continue;
    const auto found = left.find(parse_change_line(planned[i]));
    if (found == left.end() || found->second.empty()) continue;
    matches[i] = found->second.back();
    is_taken[matches[i]] = true;
    found->second.pop_back();
  }
}

// The places of a longest rising sequence in `matches`: what kept its order.
std::set<std::size_t> unmoved(const std::vector<std::size_t>& matches) {
  std::vector<std::size_t> ends;  // place with the smallest end of a sequence of each length
  std::vector<std::size_t> before(matches.size(), kNone);
  for (std::size_t i = 0; i < matches.size(); ++i) {
    if (matches[i] == kNone) continue;
    const auto at =
        std::lower_bound(ends.begin(), ends.end(), matches[i],
                         [&](std::size_t end, std::size_t value) { return matches[end] < value; });
    if (at != ends.begin()) before[i] = *(at - 1);
    if (at == ends.end()) {
      ends.push_back(i);
    } else {
      *at = i;
    }
  }
  std::set<std::size_t> kept;
  for (std::size_t i = ends.empty() ? kNone : ends.back(); i != kNone; i = before[i])
    kept.insert(i);
  return kept;
}

}  // namespace

std::vector<ChangeDifference> compare_changes(std::span<const std::string> planned,
                                              std::span<const std::string> printed) {
  const auto line = [](std::span<const std::string> lines, std::size_t at) {
    return NumberedLine{at + 1, lines[at]};
  };
  std::vector<std::size_t> matches = match_equal(planned, printed);
  std::vector<bool> is_taken(printed.size());
  for (const std::size_t match : matches) {
    if (match != kNone) is_taken[match] = true;
  }
  match_by_subject(planned, printed, matches, is_taken);
  std::vector<ChangeDifference> changed, missing, extra, moved;
  const std::set<std::size_t> kept = unmoved(matches);
  for (std::size_t i = 0; i < planned.size(); ++i) {
    if (matches[i] == kNone) {
      missing.push_back({DifferenceKind::missing, line(planned, i), std::nullopt});
    } else if (planned[i] != printed[matches[i]]) {
      changed.push_back({DifferenceKind::changed, line(planned, i), line(printed, matches[i])});
    } else if (!kept.contains(i)) {
      moved.push_back({DifferenceKind::moved, line(planned, i), line(printed, matches[i])});
    }
  }
  for (std::size_t i = 0; i < printed.size(); ++i) {
    if (!is_taken[i]) extra.push_back({DifferenceKind::extra, std::nullopt, line(printed, i)});
  }
  for (auto* part : {&missing, &extra, &moved}) {
    changed.insert(changed.end(), part->begin(), part->end());
  }
  return changed;
}

std::string with_base_for_series(const std::string& line) {
  std::vector<std::string> words = words_of(line);
  bool is_changed = false;
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    const bool is_for = words[i] == "series" && i > 0 && words[i - 1] == "for";
    if (!is_for && words[i] != "on") continue;
    const auto base = bundle::base_of_series(words[i + 1]);
    if (!base) continue;
    if (is_for) words[i] = "base";
    words[i + 1] = bundle::to_string(base.value);
    is_changed = true;
  }
  return is_changed ? join(words, " ") : line;
}

}  // namespace gatehouse
