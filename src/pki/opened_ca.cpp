#include "pki/opened_ca.h"

#include <fmt/format.h>

#include "pki/certificate_facts.h"
#include "pki/key_protection.h"
#include "pki/material.h"
#include "pki/pem_blocks.h"

namespace gatehouse::pki {

Result<OpenedCa> open_ca(const CryptoLibrary& library, const std::string& certificate_pem,
                         const Secret& key_pem, const Secret& passphrase) {
  OpenedCa opened;
  opened.certificate = read_certificate(library, certificate_pem);
  const PemText pem = split_pem(key_pem.reveal());
  if (!pem.blocks.empty()) opened.key = open_key(library, pem.blocks[0], passphrase.reveal()).key;
  if (!opened.certificate || !opened.key) {
    return fail(ErrorKind::conflict,
                fmt::format("the key of {} can not be opened with its passphrase",
                            opened.certificate ? common_name(opened.certificate.get()) : "a CA"),
                "restore the workspace from its backup");
  }
  return opened;
}

SubjectName subject_of(const X509* certificate) {
  return {.organisation = organisation(certificate), .common_name = common_name(certificate)};
}

}  // namespace gatehouse::pki
