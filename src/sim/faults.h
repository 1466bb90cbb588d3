// What can be put wrong in a rehearsal: either in the copies of the operator's files (input),
// before anything starts, or in the world that the lab shows (world). Targets are chosen from the
// site's own data, so every fault works at every site that declares what it needs; one that a site
// cannot express is refused by name. The rows stand by subject: fault_table_input.cpp, _maas,
// _host, _juju. Start at all_faults.
#pragma once

#include <set>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "input/site/site.h"
#include "sim/host_faults.h"
#include "sim/juju_faults.h"
#include "sim/maas_faults.h"

namespace gatehouse::sim {

/// The world faults of a lab with what they hit at this site.
struct WorldFaults {
  MaasFaults maas;
  HostFaults host;
  JujuFaults juju;
};

enum class FaultKind { input, world };

struct Fault {
  std::string_view name;
  FaultKind kind;
  std::string_view does;    ///< what is put wrong, one sentence without a full stop
  std::string_view gate;    ///< the gate that must close; "" for a control
  std::string_view ruling;  ///< "fail", "unknown" or "pass"
  int exit_code;            ///< that a rehearsal with this fault alone must end with
  /// Of a world fault: puts it in. Gives "", else what the site would have to declare.
  std::string (*choose)(const Site&, WorldFaults&) = nullptr;
  /// The rehearsal's certificates are made as if so many days ago.
  int pki_created_days_ago = 0;
  /// The run ends in doubt, 4; its resume closes the gate and ends with the exit code.
  bool comes_when_resumed = false;
};

std::span<const Fault> all_faults();
/// nullptr where there is none of that name.
const Fault* find_fault(std::string_view name);

/// The rows of one subject, each in its own file.
std::span<const Fault> input_faults();
std::span<const Fault> maas_faults();
std::span<const Fault> host_faults();
std::span<const Fault> juju_faults();

/// invalid_input for an unknown name, or one that the site declares nothing for; the message names
/// it.
Result<WorldFaults> resolve_world_faults(const std::set<std::string>& names, const Site& site);

}  // namespace gatehouse::sim
