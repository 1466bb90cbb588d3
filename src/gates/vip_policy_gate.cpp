#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "gates/checks.h"
#include "gates/endpoints.h"
#include "gates/vips.h"

namespace gatehouse {

namespace {

constexpr FactKey kVipPolicyNeeds[] = {FactKey::maas_addresses};

/// One leg of the policy and what all applications give for it.
struct LegUse {
  const VipLeg* leg = nullptr;
  const Plane* plane = nullptr;
  std::map<Ipv4, std::vector<std::string>> holders;  ///< address -> applications
};

bool declares_vips(const Inputs& inputs) {
  return inputs.site.vips.has_value();
}

std::string subject_of(const DeclaredVip& vip, std::string_view option, std::string_view aspect) {
  return fmt::format("{} {}: {}", vip.application->name, option, aspect);
}

void judge_legs(const Case& c, const VipPolicy& policy, const DeclaredVip& vip,
                std::vector<Check>& checks) {
  const Span& span = vip.option->span;
  checks.push_back(
      placed(expect_equal(subject_of(vip, policy.option, "number of addresses"),
                          fmt::to_string(policy.legs.size()), fmt::to_string(vip.words.size())),
             span));
  for (std::size_t i = 0; i < policy.legs.size(); ++i) {
    const VipLeg& leg = policy.legs[i];
    const Plane* plane = c.inputs.site.plane(leg.plane);
    const auto address = i < vip.words.size() ? parse_ipv4(vip.words[i]) : std::nullopt;
    const bool is_good =
        address && plane && leg.band.contains(*address) && plane->cidr.contains(*address);
    Check check{.subject = subject_of(vip, policy.option, leg.plane + " leg"),
                .expected = fmt::format("an address of {}, in {}", to_string(leg.band),
                                        plane ? in_words(*plane) : leg.plane),
                .observed = i < vip.words.size() ? vip.words[i] : "none",
                .ruling = is_good ? Ruling::pass : Ruling::fail};
    if (!is_good) {
      check.help = fmt::format("in option {} of {}, make address {} one of {}", policy.option,
                               vip.application->name, i + 1, to_string(leg.band));
    }
    checks.push_back(placed(std::move(check), span));
  }
}

// Legs that are no addresses of their planes have failed already; there is nothing to align then.
void judge_alignment(const Case& c, const VipPolicy& policy, const DeclaredVip& vip,
                     std::vector<Check>& checks) {
  if (!policy.same_host_part) return;
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < policy.legs.size() && i < vip.words.size(); ++i) {
    const Plane* plane = c.inputs.site.plane(policy.legs[i].plane);
    const auto address = parse_ipv4(vip.words[i]);
    if (!plane || !address || !plane->cidr.contains(*address)) return;
    parts.push_back(fmt::to_string(plane->cidr.host_part(*address)));
  }
  const bool is_same = std::set<std::string>(parts.begin(), parts.end()).size() == 1;
  checks.push_back(placed(Check{.subject = subject_of(vip, policy.option, "host parts"),
                                .expected = "the same on every plane",
                                .observed = listed(parts),
                                .ruling = is_same ? Ruling::pass : Ruling::fail},
                          vip.option->span));
}

void judge_taken(const VipPolicy& policy, const DeclaredVip& vip, std::vector<Check>& checks) {
  if (policy.taken.empty()) return;
  std::vector<std::string> names, clashes;
  for (const auto& [name, taken] : policy.taken) {
    names.push_back(name);
    for (const std::string& word : vip.words) {
      if (parse_ipv4(word) == taken) clashes.push_back(fmt::format("{} belongs to {}", word, name));
    }
  }
  checks.push_back(placed(Check{.subject = subject_of(vip, policy.option, "infrastructure"),
                                .expected = "no address of " + listed(names),
                                .observed = listed(clashes),
                                .ruling = clashes.empty() ? Ruling::pass : Ruling::fail},
                          vip.option->span));
}

void judge_relation(const Bundle& bundle, const VipPolicy& policy, const DeclaredVip& vip,
                    std::vector<Check>& checks) {
  if (policy.relation.empty()) return;
  const std::string endpoint = vip.application->name + ":" + policy.relation;
  const Partners partners = partners_of(bundle.relations, endpoint);
  Check check{.subject = subject_of(vip, policy.option, "relation"),
              .expected = "a relation on " + endpoint,
              .observed = listed(partners.sure),
              .ruling = partners.sure.empty() ? Ruling::fail : Ruling::pass};
  if (partners.sure.empty()) {
    check.help = "without it nothing brings the VIP up; add the relation to the bundle";
    if (!partners.possible.empty()) {
      check.ruling = Ruling::unknown;
      check.observed =
          fmt::format("relations that do not name the endpoint: {}", listed(partners.possible));
    }
  }
  checks.push_back(placed(std::move(check), vip.option->span));
}

std::vector<LegUse> use_of_legs(const Case& c, const VipPolicy& policy,
                                const std::vector<DeclaredVip>& vips) {
  std::vector<LegUse> uses;
  for (std::size_t i = 0; i < policy.legs.size(); ++i) {
    LegUse use{&policy.legs[i], c.inputs.site.plane(policy.legs[i].plane), {}};
    for (const DeclaredVip& vip : vips) {
      if (i >= vip.words.size()) continue;
      if (const auto address = parse_ipv4(vip.words[i])) {
        use.holders[*address].push_back(vip.application->name);
      }
    }
    uses.push_back(std::move(use));
  }
  return uses;
}

Check judge_unique(const LegUse& use) {
  std::vector<std::string> doubles;
  for (const auto& [address, applications] : use.holders) {
    if (applications.size() < 2) continue;
    doubles.push_back(fmt::format("{} of {}", to_string(address), join(applications, " and ")));
  }
  return placed(Check{.subject = use.leg->plane + " legs: addresses given twice",
                      .expected = "none",
                      .observed = listed(doubles),
                      .ruling = doubles.empty() ? Ruling::pass : Ruling::fail},
                use.leg->span);
}

void judge_in_use(const Case& c, const LegUse& use, std::vector<Check>& checks) {
  if (!use.plane) return;
  const std::string subject = use.leg->plane + " legs: addresses in use by others";
  const auto entry = c.facts.maas_addresses.find(to_string(use.plane->cidr));
  const auto& seen = entry == c.facts.maas_addresses.end() ? Observation<std::vector<MaasAddress>>()
                                                           : entry->second;
  const auto* addresses = require_seen(seen, subject, "none", checks);
  if (!addresses) return;
  std::vector<std::string> clashes;
  for (const MaasAddress& used : *addresses) {
    const auto address = parse_ipv4(used.address);  // IPv6 addresses are no VIPs of ours.
    if (!address || !use.holders.contains(*address)) continue;
    clashes.push_back(used.address + (used.holder.empty() ? "" : " by " + used.holder));
  }
  Check check{.subject = subject,
              .expected = "none",
              .observed = listed(clashes),
              .ruling = clashes.empty() ? Ruling::pass : Ruling::fail};
  if (!clashes.empty()) {
    check.help =
        "free the address in MAAS, or choose another for the VIP; a reserved range keeps it "
        "free";
  }
  checks.push_back(placed(std::move(check), use.leg->span, seen.evidence()));
}

void judge_count(const VipPolicy& policy, const std::vector<DeclaredVip>& vips,
                 std::vector<Check>& checks) {
  const std::string subject = fmt::format("applications with option {}", policy.option);
  if (policy.count == 0 && vips.empty()) {
    checks.push_back(
        placed(unknown(subject, "some", "none, so there is nothing to judge"), policy.span));
    return;
  }
  checks.push_back(
      placed(expect_equal(subject, fmt::to_string(policy.count), fmt::to_string(vips.size())),
             policy.span));
}

Verdict judge_vip_policy(const Case& c) {
  std::vector<Check> checks;
  if (!c.inputs.site.vips) return conclude({});
  const VipPolicy& policy = *c.inputs.site.vips;
  const Bundle* bundle = require_bundle(c, checks);
  if (!bundle) return conclude(std::move(checks));
  const std::vector<DeclaredVip> vips = declared_vips(*bundle, policy);
  judge_count(policy, vips, checks);
  for (const DeclaredVip& vip : vips) {
    if (vip.option->span && vip.option->span.source->is_secret()) {
      checks.push_back(placed(failed(subject_of(vip, policy.option, "place"), "an open file",
                                     "a secret overlay, of which nothing is shown"),
                              vip.option->span));
      continue;
    }
    judge_legs(c, policy, vip, checks);
    judge_alignment(c, policy, vip, checks);
    judge_taken(policy, vip, checks);
    judge_relation(*bundle, policy, vip, checks);
  }
  for (const LegUse& use : use_of_legs(c, policy, vips)) {
    checks.push_back(judge_unique(use));
    judge_in_use(c, use, checks);
  }
  return conclude(std::move(checks));
}

}  // namespace

extern const Gate vip_policy_gate;
const Gate vip_policy_gate{
    .id = "vip_policy",
    .question =
        "Has every application with a VIP one free address in each band, of its own, with "
        "the relation that brings it up?",
    .source = "phase 01, step 1.1, check 1; step 1.3, guard",
    .needs = kVipPolicyNeeds,
    .applies = declares_vips,
    .judge = judge_vip_policy,
};

}  // namespace gatehouse
