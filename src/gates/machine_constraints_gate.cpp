#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "base/text.h"
#include "gates/checks.h"
#include "gates/maas_machines.h"
#include "gates/machine_needs.h"

namespace gatehouse {

namespace {

constexpr FactKey kMachineConstraintsNeeds[] = {FactKey::maas_identity, FactKey::maas_machines,
                                                FactKey::maas_candidates};
/// Each different wish once, with the machines of the bundle that have it.
std::string wishes(const std::vector<MachineNeeds>& needs) {
  std::map<std::string, std::vector<std::string>> machines;
  for (const MachineNeeds& each : needs) machines[each.constraints].push_back(each.machine);
  std::vector<std::string> words;
  for (const auto& [constraints, names] : machines) {
    words.push_back(fmt::format("{} (for {})", constraints.empty() ? "anything" : constraints,
                                join(names, ", ")));
  }
  return join(words, ", or ");
}

// Of several wishes that a machine misses, the one that it misses least is told.
Check judge_machine(const std::vector<MachineNeeds>& needs, const MaasMachine& machine) {
  std::vector<std::string> fitting, least;
  std::optional<std::string> tag;
  for (const MachineNeeds& each : needs) {
    std::vector<std::string> reasons = unmet(each, machine);
    if (reasons.empty()) fitting.push_back(each.machine);
    if (least.empty() || reasons.size() < least.size()) least = std::move(reasons);
    for (const std::string& wanted : each.tags) {
      const bool is_there =
          std::find(machine.tags.begin(), machine.tags.end(), wanted) != machine.tags.end();
      if (!is_there) tag = wanted;
    }
  }
  Check check{.subject = machine.hostname + ": what the bundle asks for",
              .expected = wishes(needs),
              .observed = fitting.empty() ? join(least, ", ") : "fits " + join(fitting, ", "),
              .ruling = fitting.empty() ? Ruling::fail : Ruling::pass};
  if (fitting.empty() && tag) {
    check.help = fmt::format("if it is meant: maas PROFILE tag update-nodes {} add={}", *tag,
                             machine.system_id);
  }
  return check;
}

/// Finds, machine of the bundle by machine of the bundle, one of the site for each.
class Matching {
 public:
  Matching(const std::vector<MachineNeeds>& needs, const std::vector<const MaasMachine*>& machines)
      : needs_(needs), machines_(machines), given_(machines.size()) {}

  std::size_t count() {
    std::size_t count = 0;
    for (std::size_t at = 0; at < needs_.size(); ++at) {
      std::vector<bool> tried(machines_.size());
      count += give(at, tried) ? 1 : 0;
    }
    return count;
  }

 private:
  bool give(std::size_t wish, std::vector<bool>& tried) {
    for (std::size_t at = 0; at < machines_.size(); ++at) {
      if (tried[at] || !unmet(needs_[wish], *machines_[at]).empty()) continue;
      tried[at] = true;
      if (given_[at] && !give(*given_[at], tried)) continue;
      given_[at] = wish;
      return true;
    }
    return false;
  }

  const std::vector<MachineNeeds>& needs_;
  const std::vector<const MaasMachine*>& machines_;
  std::vector<std::optional<std::size_t>> given_;
};

Check judge_enough(const std::vector<MachineNeeds>& needs,
                   const std::vector<const MaasMachine*>& machines) {
  const std::size_t matched = Matching(needs, machines).count();
  return Check{.subject = "machines for the bundle",
               .expected = fmt::format("one of the site for each of its {}",
                                       counted(needs.size(), "machine")),
               .observed = fmt::format("one for {}", matched),
               .ruling = matched == needs.size() ? Ruling::pass : Ruling::fail};
}

// MAAS gives any Ready machine that fits: one beside the site's would be taken as gladly.
void judge_others(const Case& c, const std::vector<MachineNeeds>& needs,
                  std::vector<Check>& checks) {
  const std::string subject = "other machines that MAAS may give";
  const auto* others = require_seen(c.facts.maas_candidates, subject, "none", checks);
  if (!others) return;
  std::vector<std::string> names;
  for (const MaasMachine& machine : *others) {
    const bool is_free = machine.status == kReady && machine.owner.empty();
    const bool fits = std::any_of(needs.begin(), needs.end(), [&](const MachineNeeds& each) {
      return unmet(each, machine).empty();
    });
    if (is_free && fits) names.push_back(machine.hostname);
  }
  std::sort(names.begin(), names.end());
  Check check{.subject = subject,
              .expected = "none",
              .observed = listed(names),
              .ruling = names.empty() ? Ruling::pass : Ruling::fail};
  if (!names.empty()) {
    check.help =
        "let the constraints of the bundle's machines ask for a tag that only the site's machines "
        "have, or take the tag off the others";
  }
  checks.push_back(placed(std::move(check), {}, c.facts.maas_candidates.evidence()));
}

Verdict judge_machine_constraints(const Case& c) {
  std::vector<Check> checks;
  if (!declares_machines(c.inputs)) return conclude({});
  const Plan* plan = require_plan(c, checks);
  if (!plan) return conclude(std::move(checks));
  const std::vector<MachineNeeds> needs = machine_needs(c.inputs, *plan);
  if (needs.empty()) return conclude({});
  for (const MachineNeeds& each : needs) {
    for (const std::string& word : each.unread) {
      checks.push_back(
          unknown("bundle machine " + each.machine, "constraints that can be read", word));
    }
  }
  const Evidence& evidence = c.facts.maas_machines.evidence();
  const auto* machines =
      require_seen(c.facts.maas_machines, "machines in MAAS", "what the bundle asks for", checks);
  if (!machines) return conclude(std::move(checks));
  std::vector<const MaasMachine*> ours;
  for (const SiteMachine& declared : c.inputs.site.machines) {
    const MaasMachine* machine = require_machine(c, declared, *machines, checks);
    if (!machine) continue;
    ours.push_back(machine);
    checks.push_back(placed(judge_machine(needs, *machine), declared.span, evidence));
  }
  if (ours.size() == c.inputs.site.machines.size()) {
    checks.push_back(placed(judge_enough(needs, ours), {}, evidence));
  }
  judge_others(c, needs, checks);
  return conclude(std::move(checks));
}

}  // namespace

extern const Gate machine_constraints_gate;
const Gate machine_constraints_gate{
    .id = "machine_constraints",
    .question =
        "Are the machines that MAAS may give for the bundle's constraints exactly those of the "
        "site?",
    .source = "phase 01, prerequisites; step 1.2, gate",
    .needs = kMachineConstraintsNeeds,
    .applies = declares_machines,
    .judge = judge_machine_constraints,
};

}  // namespace gatehouse
