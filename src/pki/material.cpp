#include "pki/material.h"

#include <utility>

#include <fmt/format.h>

#include "base/secret.h"
#include "pki/der_form.h"
#include "pki/key_reading.h"
#include "pki/option_text.h"
#include "pki/times.h"

namespace gatehouse::pki {

namespace {

Certificate decode_certificate(const CryptoLibrary& library, const PemBlock& block) {
  const std::string_view der = block.der.reveal();
  const auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
  const auto* const end = bytes + der.size();
  X509* raw = X509_new_ex(library.context(), nullptr);
  // On failure the library frees what it was given and sets the pointer to null.
  const bool is_read = raw != nullptr && !der.empty() &&
                       d2i_X509(&raw, &bytes, static_cast<long>(der.size())) != nullptr;
  Certificate certificate(raw);
  if (!is_read || bytes != end) certificate.reset();
  take_library_error();
  return certificate;
}

std::vector<FoundCertificate> certificates_in(const CryptoLibrary& library,
                                              const OptionText& option, Role role,
                                              Findings& findings) {
  std::vector<FoundCertificate> found;
  std::size_t number = 0;
  for (const PemBlock& block : option.pem.blocks) {
    if (!block.is_certificate()) continue;
    ++number;
    if (!block.is_complete) continue;
    Certificate certificate = decode_certificate(library, block);
    if (!certificate) {
      findings.error(
          "der-invalid", option.place,
          fmt::format("{}: certificate {} can not be decoded", option.place.option, number),
          "encode the file of the certificate again");
      continue;
    }
    if (!has_der_lengths(block.der.reveal())) {
      findings.error("der-invalid", option.place,
                     fmt::format("{}: certificate {} is BER, not DER: a length in it is indefinite "
                                 "or too long, and Octavia can not read it",
                                 option.place.option, number),
                     "write it again with `openssl x509`, or make it again");
    }
    FoundCertificate entry;
    entry.x509 = std::move(certificate);
    entry.role = role;
    entry.index = found.size();
    entry.place = option.place;
    entry.name = to_string(role);
    if (entry.index > 0) entry.name += fmt::format(" {}", entry.index + 1);
    found.push_back(std::move(entry));
  }
  return found;
}

std::size_t count_of(const OptionText& option, bool (PemBlock::*is_wanted)() const) {
  std::size_t count = 0;
  for (const PemBlock& block : option.pem.blocks) count += (block.*is_wanted)() ? 1 : 0;
  return count;
}

void report_overlap(const std::vector<FoundCertificate>& found, const Place& place,
                    Findings& findings) {
  const auto end = moment_of(X509_get0_notAfter(found[1].get()));
  findings.note("overlap", place,
                fmt::format("{} holds 2 CAs: \"{}\" (active, first), \"{}\" (trusted until {})",
                            place.option, common_name(found[0].get()), common_name(found[1].get()),
                            end ? date_of(*end) : "an unreadable date"),
                "drop the second once nothing depends on it");
}

std::vector<FoundCertificate> read_cas(const CryptoLibrary& library,
                                       const OverlayDocument& document, Option option, Role role,
                                       Findings& findings) {
  const auto read = read_option_text(document, option, findings);
  if (!read) return {};
  if (count_of(*read, &PemBlock::is_private_key) > 0) {
    findings.error("private-key-in-cacert", read->place,
                   read->place.option + " holds a private key; it would be copied to every amphora",
                   "keep the certificate only, and take the key for compromised");
  }
  const std::size_t count = count_of(*read, &PemBlock::is_certificate);
  auto found = certificates_in(library, *read, role, findings);
  const bool is_double = found.size() == 2 && X509_cmp(found[0].get(), found[1].get()) == 0;
  if (count == 0 || count > 2 || is_double) {
    findings.error("cert-count", read->place,
                   is_double ? read->place.option + " holds the same certificate twice; 1 wanted"
                             : fmt::format("{} holds {} certificates; 1 wanted, or 2 in an overlap",
                                           read->place.option, count),
                   "keep the CA certificate only");
  } else if (found.size() == 2) {
    report_overlap(found, read->place, findings);
  }
  return found;
}

void read_controller(const CryptoLibrary& library, const OverlayDocument& document,
                     Material& material, Findings& findings) {
  const auto read = read_option_text(document, Option::controller_cert, findings);
  if (!read) return;
  const std::size_t certificates = count_of(*read, &PemBlock::is_certificate);
  const std::size_t keys = count_of(*read, &PemBlock::is_private_key);
  if (certificates != 1 || keys != 1) {
    findings.error("cert-count", read->place,
                   fmt::format("{} holds {} certificate{} and {} key{}; 1 and its key wanted",
                               read->place.option, certificates, certificates == 1 ? "" : "s", keys,
                               keys == 1 ? "" : "s"),
                   "encode the controller certificate followed by its key");
  }
  material.controllers = certificates_in(library, *read, Role::controller, findings);
  material.controller_key = read_controller_key(library, *read, findings);
}

}  // namespace

Certificate read_certificate(const CryptoLibrary& library, std::string_view pem) {
  for (const PemBlock& block : split_pem(pem).blocks) {
    if (block.is_certificate()) return decode_certificate(library, block);
  }
  return {};
}

std::vector<const FoundCertificate*> Material::all() const {
  std::vector<const FoundCertificate*> every;
  for (const auto* const group : {&issuing_cas, &controller_cas, &controllers}) {
    for (const FoundCertificate& certificate : *group) every.push_back(&certificate);
  }
  return every;
}

Material read_material(const CryptoLibrary& library, const OverlayDocument& document,
                       Findings& findings) {
  Material material;
  material.issuing_cas =
      read_cas(library, document, Option::issuing_cacert, Role::issuing_ca, findings);
  check_passphrase(document, findings);
  material.issuing_key = read_issuing_key(library, document, findings);
  material.controller_cas =
      read_cas(library, document, Option::controller_cacert, Role::controller_ca, findings);
  read_controller(library, document, material, findings);
  wipe_stack();
  return material;
}

}  // namespace gatehouse::pki
