#include "pki/workspace_checks.h"

#include <string>
#include <string_view>

#include "pki/ca_checks.h"
#include "pki/key_protection.h"
#include "pki/pem_blocks.h"

namespace gatehouse::pki {

namespace {

bool is_among(const std::vector<FoundCertificate>& found, const Certificate& wanted) {
  for (const FoundCertificate& one : found) {
    if (wanted && X509_cmp(one.get(), wanted.get()) == 0) return true;
  }
  return false;
}

void check_same(const CryptoLibrary& library, const std::vector<FoundCertificate>& found,
                const std::string& pem, const WorkspaceMaterial& workspace, Findings& findings) {
  if (found.empty() || is_among(found, read_certificate(library, pem))) return;
  findings.error("ca-key-mismatch", found[0].place,
                 found[0].name + " is not the one in the workspace " + workspace.path,
                 "verify with the workspace that this overlay was made from");
}

PrivateKey controller_ca_key(const CryptoLibrary& library, const WorkspaceMaterial& workspace) {
  const PemText pem = split_pem(workspace.controller_key.reveal());
  if (pem.blocks.empty()) return {};
  return open_key(library, pem.blocks[0], workspace.controller_passphrase.reveal()).key;
}

void check_controller_key(const Material& material, const PrivateKey& key, Findings& findings) {
  if (material.controller_cas.empty()) return;
  const Place& place = material.controller_cas[0].place;
  if (!key) {
    findings.error(
        "passphrase-wrong", place, "the workspace's passphrase does not open its controller CA key",
        "restore the workspace from its backup; without this key nothing can be renewed");
  } else if (!is_key_of(key.get(), material.controller_cas[0])) {
    findings.error("ca-key-mismatch", place,
                   "the controller CA key in the workspace does not belong to the controller CA",
                   "restore the workspace from its backup");
  }
}

}  // namespace

void check_workspace(const CryptoLibrary& library, const Material& material,
                     const WorkspaceMaterial& workspace, Findings& findings) {
  check_same(library, material.issuing_cas, workspace.issuing_certificate, workspace, findings);
  check_same(library, material.controller_cas, workspace.controller_certificate, workspace,
             findings);
  check_controller_key(material, controller_ca_key(library, workspace), findings);
}

}  // namespace gatehouse::pki
