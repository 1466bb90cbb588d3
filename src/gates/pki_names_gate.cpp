#include <algorithm>

#include <fmt/format.h>

#include "gates/checks.h"
#include "gates/vips.h"

namespace gatehouse {

namespace {

constexpr FactKey kPkiNamesNeeds[] = {FactKey::pki};
constexpr std::string_view kController = "controller certificate";

bool declares_pki_names(const Inputs& inputs) {
  return inputs.site.pki &&
         (!inputs.site.pki->dns.empty() || !inputs.site.pki->ip_from_vip.empty());
}

Check judge_name(const CertificateFacts& certificate, std::string subject, std::string name,
                 const Case& c) {
  const auto& names = certificate.names;
  const bool is_there = std::find(names.begin(), names.end(), name) != names.end();
  return Check{.subject = std::move(subject),
               .expected = std::move(name),
               .observed = names.empty() ? "none" : listed(names, names.size()),
               .ruling = is_there ? Ruling::pass : Ruling::fail,
               .help = is_there ? "" : "run: " + pki_create_line(c.inputs)};
}

// The address is that of this bundle: one that was reused from an earlier plan names another.
void judge_address(const Case& c, const CertificateFacts& certificate, std::vector<Check>& checks) {
  const SitePki& declared = *c.inputs.site.pki;
  if (declared.ip_from_vip.empty()) return;
  const std::string subject =
      fmt::format("VIP of {} on {} in the SAN", declared.application, declared.ip_from_vip);
  const std::optional<Ipv4> vip =
      vip_on_plane(c.inputs, declared.application, declared.ip_from_vip);
  if (!vip) {
    checks.push_back(unknown(subject, "an address", "the bundle gives none on that plane"));
    return;
  }
  checks.push_back(judge_name(certificate, subject, "IP:" + to_string(*vip), c));
}

Verdict judge_pki_names(const Case& c) {
  std::vector<Check> checks;
  if (!c.inputs.site.pki) return conclude({});
  const PkiFacts* pki =
      require_seen(c.facts.pki, "controller certificate", "the names of this site", checks);
  if (!pki) return conclude(std::move(checks));
  for (const CertificateFacts& certificate : pki->certificates) {
    if (certificate.role != kController) continue;
    judge_address(c, certificate, checks);
    for (const std::string& name : c.inputs.site.pki->dns) {
      checks.push_back(judge_name(certificate, "name in the SAN", "DNS:" + name, c));
    }
  }
  if (checks.empty()) {
    checks.push_back(unknown("controller certificate", "the names of this site", "none was read"));
  }
  for (Check& check : checks) {
    check = placed(std::move(check), c.inputs.site.pki->span, c.facts.pki.evidence());
  }
  return conclude(std::move(checks));
}

}  // namespace

extern const Gate pki_names_gate;
const Gate pki_names_gate{
    .id = "pki_names",
    .question = "Does the controller certificate name this site, and the VIP of this very bundle?",
    .source = "phase 01, step 1.0",
    .needs = kPkiNamesNeeds,
    .applies = declares_pki_names,
    .judge = judge_pki_names,
};

}  // namespace gatehouse
