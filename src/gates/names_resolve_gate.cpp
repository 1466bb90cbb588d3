#include <algorithm>

#include <fmt/format.h>

#include "gates/checks.h"

namespace gatehouse {

namespace {

constexpr FactKey kNamesResolveNeeds[] = {FactKey::model_status, FactKey::name_lookups};

bool declares_names(const Inputs& inputs) {
  return inputs.site.dns && !inputs.site.dns->lookup.empty();
}

// Machines and containers are asked, never units, whose answers wait behind their own hooks.
Check judge_lookup(const SiteDns& dns, const std::string& subject, const NameLookup& lookup) {
  std::vector<std::string> unresolved, unasked;
  for (const std::string& name : dns.lookup) {
    const auto entry = lookup.resolved.find(name);
    if (entry == lookup.resolved.end()) {
      unasked.push_back(name);
    } else if (!entry->second) {
      unresolved.push_back(name);
    }
  }
  const std::string expected = listed(dns.lookup) + " resolves";
  const std::string resolvers = "resolvers " + listed(lookup.resolvers);
  if (!unresolved.empty()) {
    const std::string tries = lookup.tries == 1 ? "1 try" : fmt::format("{} tries", lookup.tries);
    const std::string observed =
        fmt::format("{} does not resolve after {}, {}", listed(unresolved), tries, resolvers);
    const bool may_recover =
        lookup.failing_since && lookup.at - *lookup.failing_since < dns.retry_for;
    if (may_recover) {
      return unknown(subject, expected,
                     fmt::format("{}; tried for {}", observed, to_words(dns.retry_for)));
    }
    return failed(subject, expected, observed,
                  "compare the resolvers with the plane's DNS servers in MAAS");
  }
  if (!unasked.empty()) return unknown(subject, expected, listed(unasked) + " was not looked up");
  return passed(subject, expected, "resolves, " + resolvers);
}

void judge_machine(const Case& c, const MachineStatus& machine, std::vector<Check>& checks) {
  const SiteDns& dns = *c.inputs.site.dns;
  const std::string subject =
      fmt::format("{} {}", machine.is_container() ? "container" : "machine", machine.id);
  const std::string expected = listed(dns.lookup) + " resolves";
  if (machine.agent.current != "started") {
    checks.push_back(placed(
        unknown(subject, expected, fmt::format("not started yet: {}", machine.agent.current)),
        dns.span, c.facts.model_status.evidence()));
    return;
  }
  const auto entry = c.facts.name_lookups.find(machine.id);
  const auto& seen =
      entry == c.facts.name_lookups.end() ? Observation<NameLookup>() : entry->second;
  const NameLookup* lookup = require_seen(seen, subject, expected, checks);
  if (!lookup) {
    checks.back().span = dns.span;
    return;
  }
  checks.push_back(placed(judge_lookup(dns, subject, *lookup), dns.span, seen.evidence()));
}

// The numbers of the plan are a guess of the client's; how many there must be is not.
void judge_presence(const Case& c, const ModelStatus& status, std::vector<Check>& checks) {
  if (!c.plan) return;
  std::size_t containers = 0;
  for (const auto& [id, machine] : status.machines) containers += machine.is_container() ? 1 : 0;
  const std::size_t machines = status.machines.size() - containers;
  const PlanCounts& planned = c.plan->counts;
  const bool are_there = machines >= planned.machines && containers >= planned.containers;
  checks.push_back(
      placed(Check{.subject = "machines and containers in the model",
                   .expected = fmt::format("{}, {}", counted(planned.machines, "machine"),
                                           counted(planned.containers, "container")),
                   .observed = fmt::format("{}, {}", counted(machines, "machine"),
                                           counted(containers, "container")),
                   .ruling = are_there ? Ruling::pass : Ruling::unknown},
             {}, c.facts.model_status.evidence()));
}

// One finding for all of them. Where another resolver answers it does no harm today (R15).
void note_phantoms(const Case& c, std::vector<Diagnostic>& findings) {
  for (const Ipv4 phantom : c.inputs.site.dns->phantom) {
    std::vector<std::string> machines;
    for (const auto& [id, seen] : c.facts.name_lookups) {
      const NameLookup* lookup = seen.value();
      if (!lookup) continue;
      const auto& resolvers = lookup->resolvers;
      if (std::find(resolvers.begin(), resolvers.end(), to_string(phantom)) != resolvers.end()) {
        machines.push_back(id);
      }
    }
    if (machines.empty()) continue;
    findings.push_back(
        remark("dns/phantom-resolver", to_string(phantom),
               fmt::format("{} of {} list the phantom resolver {}: {}", machines.size(),
                           c.facts.name_lookups.size(), to_string(phantom), listed(machines, 40)),
               "names resolve only because another resolver answers; take it out of DHCP"));
    findings.back().span = c.inputs.site.dns->span;
  }
}

Verdict judge_names_resolve(const Case& c) {
  std::vector<Check> checks;
  std::vector<Diagnostic> findings;
  if (!declares_names(c.inputs)) return conclude({});
  const ModelStatus* status = require_model(c, checks);
  if (!status) return conclude(std::move(checks));
  for (const auto& [id, machine] : status->machines) judge_machine(c, machine, checks);
  if (status->machines.empty()) {
    checks.push_back(placed(unknown("machines in the model", "some", "none yet"), {},
                            c.facts.model_status.evidence()));
  }
  judge_presence(c, *status, checks);
  note_phantoms(c, findings);
  return conclude(std::move(checks), std::move(findings));
}

}  // namespace

extern const Gate names_resolve_gate;
const Gate names_resolve_gate{
    .id = "names_resolve",
    .question = "Do the declared names resolve on every machine and container?",
    .source = "phase 01, step 1.4",
    .needs = kNamesResolveNeeds,
    .applies = declares_names,
    .judge = judge_names_resolve,
};

}  // namespace gatehouse
