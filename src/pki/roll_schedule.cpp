#include "pki/roll_schedule.h"

#include <fmt/format.h>

#include "pki/workspace.h"
#include "pki/workspace_journal.h"

namespace gatehouse::pki {

namespace {

/// Units switch one after another; a hook and a restart take minutes.
constexpr std::chrono::hours kUnitsSwitch{1};
/// An amphora certificate lives so long; housekeeping replaces it 14 days before its end.
constexpr std::chrono::days kAmphoraLife{30};

tl::unexpected<Error> too_early(Tier tier, RollPhase phase, Moment from, const std::string& help) {
  return fail(ErrorKind::conflict,
              fmt::format("roll {}: too early for {}, which may be from {} on", to_string(tier),
                          to_string(phase, tier), to_rfc3339(from)),
              help);
}

}  // namespace

std::string to_string(Tier tier) {
  return tier == Tier::issuing ? "issuing" : "controller";
}

std::string to_string(RollPhase phase, Tier tier) {
  switch (phase) {
    case RollPhase::none:
      return "none";
    case RollPhase::trust:
      return "trust";
    case RollPhase::change:
      return tier == Tier::issuing ? "sign" : "switch";
    case RollPhase::drop:
      return "drop";
  }
  return {};
}

Result<RollState> roll_state(FileStore& files, const std::string& workspace, Tier tier) {
  const auto events = read_journal(files, WorkspacePaths(workspace).journal);
  if (!events) return fail(events.error());
  RollState state;
  for (const JournalEvent& one : *events) {
    if (one.event != "roll" || string_or_empty(one.body, "tier") != to_string(tier)) continue;
    const std::string phase = string_or_empty(one.body, "phase");
    state = {.phase = RollPhase::none, .since = one.at};
    for (const RollPhase candidate : {RollPhase::trust, RollPhase::change, RollPhase::drop}) {
      if (phase == to_string(candidate, tier)) state.phase = candidate;
    }
  }
  return state;
}

RollPhase phase_after(RollPhase phase) {
  switch (phase) {
    case RollPhase::none:
    case RollPhase::drop:
      return RollPhase::trust;
    case RollPhase::trust:
      return RollPhase::change;
    case RollPhase::change:
      return RollPhase::drop;
  }
  return RollPhase::trust;
}

Result<void> check_schedule(Tier tier, const RollState& state, Moment now,
                            const std::string& confirmed) {
  const RollPhase phase = phase_after(state.phase);
  if (phase == RollPhase::trust) return {};
  if (now < state.since + kUnitsSwitch) {
    return too_early(tier, phase, state.since + kUnitsSwitch,
                     "every unit must have taken up the phase before");
  }
  if (confirmed == to_string(phase, tier)) return {};
  if (tier == Tier::issuing && phase == RollPhase::drop && now < state.since + kAmphoraLife) {
    return too_early(
        tier, phase, state.since + kAmphoraLife,
        "amphora certificates live 30 days; where every amphora was failed over since: "
        "--confirm drop");
  }
  if (tier == Tier::controller && phase == RollPhase::change) {
    return fail(ErrorKind::conflict,
                "roll controller: the switch cuts off every amphora that was born before the phase "
                "trust",
                "fail over every amphora first, then say so: --confirm switch");
  }
  return {};
}

}  // namespace gatehouse::pki
