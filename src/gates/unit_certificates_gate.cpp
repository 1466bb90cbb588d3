#include <map>

#include <fmt/format.h>

#include "gates/checks.h"
#include "gates/model_units.h"

namespace gatehouse {

namespace {

constexpr FactKey kUnitCertificatesNeeds[] = {FactKey::pki, FactKey::model_status,
                                              FactKey::unit_certificates};
constexpr std::size_t kShownDigits = 16;

/// What one file must hold: the certificates of the overlay that the charm writes there, in order.
struct ExpectedFile {
  std::string roles;
  std::vector<std::string> fingerprints;
};

std::map<std::string, ExpectedFile> expected_files(const PkiFacts& pki) {
  std::map<std::string, ExpectedFile> files;
  for (const CertificateFacts& certificate : pki.certificates) {
    if (certificate.unit_file.empty()) continue;
    ExpectedFile& file = files[certificate.unit_file];
    if (file.fingerprints.empty()) file.roles = certificate.role;
    file.fingerprints.push_back(certificate.fingerprint);
  }
  return files;
}

std::string in_words(const std::vector<std::string>& fingerprints) {
  std::vector<std::string> shown;
  for (const std::string& digest : fingerprints) shown.push_back(digest.substr(0, kShownDigits));
  return "SHA-256 " + listed(shown);
}

Check judge_file(const std::string& subject, const std::string& path, const ExpectedFile& wanted,
                 const UnitCertificates& seen) {
  const std::string expected = fmt::format("{}, {}", wanted.roles, in_words(wanted.fingerprints));
  const std::string help =
      "give the unit the overlay's five options in one call of juju config, and look at its log";
  const auto found = seen.fingerprints.find(path);
  if (found == seen.fingerprints.end()) return failed(subject, expected, "no such file", help);
  if (found->second.empty()) return unknown(subject, expected, seen.complaint);
  if (found->second != wanted.fingerprints) {
    return failed(subject, expected, in_words(found->second), help);
  }
  return passed(subject, expected, in_words(found->second));
}

void judge_unit(const Case& c, const UnitStatus& unit,
                const std::map<std::string, ExpectedFile>& files, std::vector<Check>& checks) {
  const std::size_t before = checks.size();
  const auto entry = c.facts.unit_certificates.find(unit.machine);
  const auto& seen =
      entry == c.facts.unit_certificates.end() ? Observation<UnitCertificates>() : entry->second;
  const UnitCertificates* certificates =
      require_seen(seen, fmt::format("certificates on the disk of {}", unit.name),
                   "those of the overlay", checks);
  if (certificates) {
    for (const auto& [path, wanted] : files) {
      checks.push_back(
          judge_file(fmt::format("{}, {}", unit.name, path), path, wanted, *certificates));
    }
  }
  for (std::size_t i = before; i < checks.size(); ++i) {
    checks[i].span = c.inputs.site.pki->span;
    if (certificates) checks[i].evidence = seen.evidence();
  }
}

Verdict judge_unit_certificates(const Case& c) {
  std::vector<Check> checks;
  if (!c.inputs.site.pki) return conclude({});
  const std::string& application = c.inputs.site.pki->application;
  const ModelStatus* status = require_model(c, checks);
  const PkiFacts* pki =
      require_seen(c.facts.pki, "PKI of the overlay", "certificates to compare with", checks);
  if (!status || !pki) return conclude(std::move(checks));
  const auto files = expected_files(*pki);
  if (files.empty()) {
    checks.push_back(unknown(pki->overlay, "certificates to compare with", "none can be read"));
  }
  const auto units = units_of(*status, application);
  if (units.empty()) {
    checks.push_back(unknown(application, "units with certificates on their disks", "no unit yet"));
  }
  for (const UnitStatus* unit : units) judge_unit(c, *unit, files, checks);
  return conclude(std::move(checks));
}

}  // namespace

extern const Gate unit_certificates_gate;
const Gate unit_certificates_gate{
    .id = "unit_certificates",
    .question = "Are the certificates on each unit's disk those of the secret overlay?",
    .source = "phase 01, step 1.0, after deploy",
    .needs = kUnitCertificatesNeeds,
    .applies = declares_pki,
    .judge = judge_unit_certificates,
};

}  // namespace gatehouse
