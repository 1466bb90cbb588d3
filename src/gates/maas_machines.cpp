#include "gates/maas_machines.h"

#include <fmt/format.h>

#include "gates/checks.h"

namespace gatehouse {

namespace {

// MAAS leaves out what an ordinary user may not see, so to him a machine that is not shown may be
// gone or somebody else's: who asked decides whether it is known to be missing.
Check missing(const Case& c, const SiteMachine& wanted) {
  const std::string expected = "one machine of this hostname in MAAS";
  const std::string help = "compare with: maas PROFILE machines read hostname=" + wanted.hostname;
  const MaasIdentity* user = c.facts.maas_identity.value();
  if (!user) {
    return unknown(wanted.hostname, expected,
                   "MAAS shows no such machine, and whether its user would see it is not known: " +
                       c.facts.maas_identity.why_unknown(),
                   help);
  }
  if (user->is_superuser)
    return failed(wanted.hostname, expected, "MAAS has no such machine", help);
  return unknown(
      wanted.hostname, expected,
      fmt::format("MAAS shows no such machine to {}, who is no administrator and does not see what "
                  "others own",
                  user->username),
      "ask with the key of an administrator, or of the user who owns it");
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
  Check check =
      count == 0 ? missing(c, wanted)
                 : failed(wanted.hostname, "one machine of this hostname in MAAS",
                          fmt::format("{} machines of this hostname", count),
                          "compare with: maas PROFILE machines read hostname=" + wanted.hostname);
  checks.push_back(placed(std::move(check), wanted.span, c.facts.maas_machines.evidence()));
  return nullptr;
}

}  // namespace gatehouse
