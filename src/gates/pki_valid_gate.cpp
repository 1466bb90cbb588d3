#include <fmt/format.h>

#include "gates/checks.h"
#include "gates/vips.h"

namespace gatehouse {

namespace {

constexpr FactKey kPkiValidNeeds[] = {FactKey::pki};

Check judge_certificate(const CertificateFacts& certificate, Moment now) {
  const auto left = std::chrono::floor<std::chrono::days>(certificate.not_after - now).count();
  const bool is_over = certificate.not_after <= now;
  return Check{.subject = certificate.role,
               .expected = "not expired at " + to_rfc3339(now),
               .observed = fmt::format("{}, until {}, {}", certificate.subject,
                                       to_rfc3339(certificate.not_after),
                                       is_over ? "expired" : fmt::format("{} days left", left)),
               .ruling = is_over ? Ruling::fail : Ruling::pass};
}

// The verifier's errors, each a check of its own; what is less grave stays a finding.
void judge_findings(const Case& c, const PkiFacts& pki, std::vector<Check>& checks,
                    std::vector<Diagnostic>& findings) {
  const std::string line = "run: " + pki_create_line(c.inputs);
  for (const Diagnostic& finding : pki.findings) {
    if (finding.severity != Severity::error) {
      findings.push_back(finding);
      continue;
    }
    checks.push_back(placed(
        failed(finding.code, "holds", finding.message, finding.help.empty() ? line : finding.help),
        finding.span, c.facts.pki.evidence()));
  }
  if (checks.empty()) {
    checks.push_back(placed(passed(pki.overlay, "no error of the verifier", "none"),
                            c.inputs.site.pki->span, c.facts.pki.evidence()));
  }
}

Verdict judge_pki_valid(const Case& c) {
  std::vector<Check> checks;
  std::vector<Diagnostic> findings;
  if (!c.inputs.site.pki) return conclude({});
  const PkiFacts* pki = require_seen(c.facts.pki, "PKI of the overlay",
                                     "certificates, key and passphrase that fit", checks);
  if (!pki) return conclude(std::move(checks));
  judge_findings(c, *pki, checks, findings);
  if (pki->certificates.empty()) {
    checks.push_back(
        placed(failed("certificates", "at least one", "none", "run: " + pki_create_line(c.inputs)),
               c.inputs.site.pki->span, c.facts.pki.evidence()));
  }
  const Moment now = pki->judged_at == Moment{} ? c.facts.at : pki->judged_at;
  for (const CertificateFacts& certificate : pki->certificates) {
    checks.push_back(placed(judge_certificate(certificate, now), c.inputs.site.pki->span,
                            c.facts.pki.evidence()));
  }
  return conclude(std::move(checks), std::move(findings));
}

}  // namespace

extern const Gate pki_valid_gate;
const Gate pki_valid_gate{
    .id = "pki_valid",
    .question =
        "Do the certificates, keys and passphrase of the secret overlay fit together and "
        "last?",
    .source = "phase 01, step 1.0",
    .needs = kPkiValidNeeds,
    .applies = declares_pki,
    .judge = judge_pki_valid,
};

}  // namespace gatehouse
