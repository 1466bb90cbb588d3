#include "gates/maas_machines.h"

#include <fmt/format.h>

#include "gates/checks.h"

namespace gatehouse {

namespace {

// MAAS leaves out what an ordinary user may not see: notes on MAAS, "Permissions".
std::string why_missing(const Observation<MaasIdentity>& identity) {
  const MaasIdentity* user = identity.value();
  if (!user) return "MAAS shows no such machine, or not to this user";
  if (user->is_superuser) return "MAAS has no such machine";
  return fmt::format(
      "MAAS shows no such machine to {}, who is no administrator and does not see what others own",
      user->username);
}

}  // namespace

const MaasMachine* require_machine(const Case& c, const SiteMachine& wanted,
                                   const std::vector<MaasMachine>& machines,
                                   std::vector<Check>& checks) {
  const MaasMachine* found = nullptr;
  std::size_t count = 0;
  for (const MaasMachine& machine : machines) {
    if (machine.hostname != wanted.hostname) continue;
    found = &machine;
    ++count;
  }
  if (count == 1) return found;
  checks.push_back(
      placed(failed(wanted.hostname, "one machine of this hostname in MAAS",
                    count == 0 ? why_missing(c.facts.maas_identity)
                               : fmt::format("{} machines of this hostname", count),
                    "compare with: maas PROFILE machines read hostname=" + wanted.hostname),
             wanted.span, c.facts.maas_machines.evidence()));
  return nullptr;
}

}  // namespace gatehouse
