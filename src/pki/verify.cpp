#include "pki/verify.h"

#include <fmt/format.h>

#include "effects/file_modes.h"
#include "pki/ca_checks.h"
#include "pki/certificate_checks.h"
#include "pki/chain_checks.h"
#include "pki/controller_checks.h"
#include "pki/handshake_checks.h"
#include "pki/material.h"
#include "pki/overlay_reader.h"
#include "pki/workspace_checks.h"

namespace gatehouse::pki {

namespace {

void check_file(const Source& source, const FileInfo& file, Findings& findings) {
  const Place place{Span{.source = &source, .begin = {}, .end = {}}, ""};
  if ((file.mode & kForOthers) != 0) {
    const bool is_readable = (file.mode & 044) != 0;
    findings.error("file-mode", place,
                   fmt::format("{} has mode {:04o}; 0600 wanted ({} by others)", source.path(),
                               file.mode, is_readable ? "readable" : "usable"),
                   "chmod 600 " + source.path());
  } else if (!file.is_ours) {
    findings.error("file-mode", place, fmt::format("{} belongs to another user", source.path()),
                   "copy it into a file of your own, mode 0600");
  }
}

}  // namespace

PkiJudgement judge_overlay(const CryptoLibrary& library, const Source& source,
                           const VerifyRequest& request) {
  Findings findings(request.strictness);
  if (request.file) check_file(source, *request.file, findings);
  const OverlayDocument document = read_overlay(source, request.application, findings);
  const Material material = read_material(library, document, findings);
  check_certificates(material, request.at, findings);
  check_cas(material, findings);
  check_controller(material, request.bundle_vips, findings);
  if (const auto amphora = check_chains(library, material, request.at, findings)) {
    check_handshake(library, material, *amphora, request.at, findings);
  }
  if (request.workspace != nullptr) {
    check_workspace(library, material, *request.workspace, findings);
  }
  PkiJudgement judgement;
  for (const FoundCertificate* const found : material.all()) {
    CertificateFacts facts = facts_of(found->get(), found->role);
    // The second CA of an overlap signs nothing new.
    if (found->index > 0 && found->role != Role::controller) facts.least_days = 0;
    judgement.certificates.push_back(std::move(facts));
  }
  judgement.findings = findings.take();
  return judgement;
}

}  // namespace gatehouse::pki
