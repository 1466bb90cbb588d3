// What differs between two lists of change lines: the plan's and the dry run's. Lines of one text
// are the same change; what is left over belongs together where action and subject do. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace gatehouse {

struct NumberedLine {
  std::size_t number = 0;  ///< from 1
  std::string text;
};

enum class DifferenceKind {
  changed,  ///< the same thing is done otherwise: both lines
  missing,  ///< planned and not printed
  extra,    ///< printed and not planned
  moved,    ///< the same line at another place among the others: both numbers
};

struct ChangeDifference {
  DifferenceKind kind;
  std::optional<NumberedLine> planned;
  std::optional<NumberedLine> printed;
};

/// Changed, missing, extra, then moved, each in the order of the plan. Of lines that changed places
/// as few as possible are called moved.
std::vector<ChangeDifference> compare_changes(std::span<const std::string> planned,
                                              std::span<const std::string> printed);

/// A line of Juju 2.9 in the words of later ones: "for series jammy" is "for base
/// ubuntu@22.04/stable", "on jammy" is "on ubuntu@22.04/stable". Every other line as it is.
std::string with_base_for_series(const std::string& line);

}  // namespace gatehouse
