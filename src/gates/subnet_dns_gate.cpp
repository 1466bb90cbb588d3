#include <fmt/format.h>

#include "gates/checks.h"

namespace gatehouse {

namespace {

constexpr FactKey kSubnetDnsNeeds[] = {FactKey::maas_subnets};

bool declares_planes(const Inputs& inputs) {
  return !inputs.site.planes.empty();
}

const MaasSubnet* find_subnet(const std::vector<MaasSubnet>& subnets, const Plane& plane) {
  for (const MaasSubnet& subnet : subnets) {
    if (subnet.cidr == to_string(plane.cidr)) return &subnet;
  }
  return nullptr;
}

// The order of the resolvers is compared too: the first one is asked first.
Check judge_resolvers(const Plane& plane, const MaasSubnet& subnet) {
  std::vector<std::string> wanted;
  for (const Ipv4 address : plane.dns) wanted.push_back(to_string(address));
  const bool is_same = wanted == subnet.dns_servers;
  Check check{.subject = plane.name + ": DNS servers",
              .expected = listed(wanted),
              .observed = listed(subnet.dns_servers),
              .ruling = is_same ? Ruling::pass : Ruling::fail};
  if (!is_same) {
    std::string servers;
    for (const std::string& server : wanted) servers += (servers.empty() ? "" : " ") + server;
    check.help = fmt::format("run: maas PROFILE subnet update cidr:{} dns_servers=\"{}\"",
                             to_string(plane.cidr), servers);
  }
  return check;
}

std::string number_or_none(const std::optional<std::int64_t>& number) {
  return number ? fmt::to_string(*number) : "none";
}

std::string text_or_none(const std::string& text) {
  return text.empty() ? "none" : text;
}

std::vector<Check> judge_subnet(const Plane& plane, const MaasSubnet& subnet) {
  std::vector<Check> checks;
  checks.push_back(expect_equal(plane.name + ": space", plane.space, text_or_none(subnet.space)));
  if (plane.has_dns) checks.push_back(placed(judge_resolvers(plane, subnet), plane.dns_span));
  if (plane.gateway) {
    checks.push_back(expect_equal(plane.name + ": gateway", to_string(*plane.gateway),
                                  text_or_none(subnet.gateway)));
  }
  if (plane.mtu) {
    checks.push_back(
        expect_equal(plane.name + ": MTU", fmt::to_string(*plane.mtu), number_or_none(subnet.mtu)));
  }
  if (plane.vlan) {
    checks.push_back(expect_equal(plane.name + ": VLAN", fmt::to_string(*plane.vlan),
                                  number_or_none(subnet.vid)));
  }
  return checks;
}

void note_drift(const Plane& plane, const MaasSubnet& subnet, std::vector<Diagnostic>& findings) {
  if (!plane.maas_id || *plane.maas_id == subnet.id) return;
  findings.push_back(remark("maas/subnet-id-changed", plane.name,
                            fmt::format("{} has id {} in MAAS, the site file says {}",
                                        in_words(plane), subnet.id, *plane.maas_id),
                            "it was made anew; correct maas_id in the site file"));
  findings.back().span = plane.span;
}

Verdict judge_subnet_dns(const Case& c) {
  std::vector<Check> checks;
  std::vector<Diagnostic> findings;
  if (!declares_planes(c.inputs)) return conclude({});
  const auto* subnets =
      require_seen(c.facts.maas_subnets, "subnets in MAAS", "those of the planes", checks);
  if (!subnets) return conclude(std::move(checks));
  for (const Plane& plane : c.inputs.site.planes) {
    const MaasSubnet* subnet = find_subnet(*subnets, plane);
    if (!subnet) {
      checks.push_back(placed(
          failed(plane.name, "subnet " + to_string(plane.cidr), "MAAS has no subnet of this CIDR"),
          plane.span, c.facts.maas_subnets.evidence()));
      continue;
    }
    for (Check& check : judge_subnet(plane, *subnet)) {
      const Span span = check.span ? check.span : plane.span;
      checks.push_back(placed(std::move(check), span, c.facts.maas_subnets.evidence()));
    }
    note_drift(plane, *subnet, findings);
  }
  return conclude(std::move(checks), std::move(findings));
}

}  // namespace

extern const Gate subnet_dns_gate;
const Gate subnet_dns_gate{
    .id = "subnet_dns",
    .question = "Has every plane its subnet in MAAS, with the declared DNS servers and space?",
    .source = "phase 01, step 1.1, check 3",
    .needs = kSubnetDnsNeeds,
    .applies = declares_planes,
    .judge = judge_subnet_dns,
};

}  // namespace gatehouse
