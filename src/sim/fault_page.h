// The page of all faults (docs/faults.md), written from the table itself, and the traps that they
// were taken from: mistakes of real tools and of the runbook that somebody paid for.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace gatehouse::sim {

/// A way in which a deployment was seen to go wrong, and what of ours shows it.
struct Trap {
  std::string_view source;  ///< where it was learned
  std::string_view what;
  /// Names of faults, or of tests where no lab is needed, with blanks between; "" where nothing
  /// shows it yet.
  std::string_view shown_by;
};

std::span<const Trap> all_traps();

std::string faults_page();

}  // namespace gatehouse::sim
