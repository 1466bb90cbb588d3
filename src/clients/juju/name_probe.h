// The question whether names resolve on a machine, as one command for its shell, and what it
// prints. Source: runbook phase 01, step 1.4; resolvectl of systemd 249 (jammy) and 255 (noble).
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::juju {

/// For each name a line "name NAME ok" or "name NAME fail", then what resolvectl says of its
/// servers. Ends 0 whatever resolves, so that a failed lookup is an answer and not a failed task.
std::string name_probe(std::span<const std::string> names);

struct ProbeAnswer {
  std::map<std::string, bool> resolved;
  std::vector<std::string> resolvers;  ///< in order of appearance, each once
};

/// Reads the probe's lines, and "Global: a b", "Link 2 (eth0): a b", "DNS Servers: a b" with the
/// servers on further lines of their own. Other lines are passed over; what is no address is too.
ProbeAnswer read_name_probe(std::string_view out);

}  // namespace gatehouse::juju
