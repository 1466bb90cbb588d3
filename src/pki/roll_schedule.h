// Which phase of a CA's roll comes next, and when it may: the rules of time alone.
#pragma once

#include <string>

#include "base/moment.h"
#include "base/result.h"
#include "effects/files.h"

namespace gatehouse::pki {

enum class Tier { issuing, controller };

/// "issuing", "controller".
std::string to_string(Tier tier);

/// In their order; `change` is the signing by the new issuing CA, or the switch to the new
/// controller certificate.
enum class RollPhase { none, trust, change, drop };

/// "trust"; "sign" or "switch"; "drop".
std::string to_string(RollPhase phase, Tier tier);

/// The phase that was reached. After a drop, as after a hard replacement, a new roll begins.
struct RollState {
  RollPhase phase = RollPhase::none;
  Moment since{};
};

/// From the workspace's journal.
Result<RollState> roll_state(FileStore& files, const std::string& workspace, Tier tier);

RollPhase phase_after(RollPhase phase);

/// conflict where the phase is too early, or where the operator has to vouch for something that
/// cannot be seen from here: by naming the phase in `confirmed`.
Result<void> check_schedule(Tier tier, const RollState& state, Moment now,
                            const std::string& confirmed);

}  // namespace gatehouse::pki
