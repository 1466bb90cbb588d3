#include <fmt/format.h>

#include "base/moment.h"
#include "gates/checks.h"

namespace gatehouse {

namespace {

constexpr FactKey kPkiMarginsNeeds[] = {FactKey::pki};

Check judge_margin(const CertificateFacts& certificate, Moment now) {
  const auto left = std::chrono::floor<std::chrono::days>(certificate.not_after - now).count();
  const bool is_long = left >= certificate.least_days;
  return Check{
      .subject = certificate.role,
      .expected = fmt::format("at least {} days left", certificate.least_days),
      .observed = fmt::format("{} days left, until {}", left, to_rfc3339(certificate.not_after)),
      .ruling = is_long ? Ruling::pass : Ruling::fail,
      .help = is_long ? "" : "see: gatehouse pki status"};
}

Verdict judge_pki_margins(const Case& c) {
  std::vector<Check> checks;
  if (!c.inputs.site.pki) return conclude({});
  const PkiFacts* pki =
      require_seen(c.facts.pki, "certificates of the overlay", "days enough left", checks);
  if (!pki) return conclude(std::move(checks));
  if (pki->certificates.empty()) {
    checks.push_back(unknown("certificates of the overlay", "days enough left", "none was read"));
  }
  const Moment now = pki->judged_at == Moment{} ? c.facts.at : pki->judged_at;
  for (const CertificateFacts& certificate : pki->certificates) {
    if (certificate.least_days > 0) checks.push_back(judge_margin(certificate, now));
  }
  for (Check& check : checks) {
    check = placed(std::move(check), c.inputs.site.pki->span, c.facts.pki.evidence());
  }
  return conclude(std::move(checks));
}

}  // namespace

extern const Gate pki_margins_gate;
const Gate pki_margins_gate{
    .id = "pki_margins",
    .question = "Will every certificate of the secret overlay live on long enough to be renewed?",
    .source = "phase 01, step 1.0",
    .needs = kPkiMarginsNeeds,
    .applies = declares_pki,
    .judge = judge_pki_margins,
};

}  // namespace gatehouse
