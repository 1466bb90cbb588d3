#include "pki/certificate_profile.h"

#include <algorithm>
#include <string>

#include <openssl/bn.h>

#include "pki/certificate_facts.h"
#include "pki/times.h"

namespace gatehouse::pki {

namespace {

constexpr long kVersion3 = 2;
constexpr std::chrono::days kAmphoraLife{30};

struct Extension {
  int nid = 0;
  void* value = nullptr;
  bool is_critical = false;
};

bool add(X509* certificate, const Extension& extension) {
  return extension.value != nullptr &&
         X509_add1_ext_i2d(certificate, extension.nid, extension.value,
                           extension.is_critical ? 1 : 0, X509V3_ADD_DEFAULT) == 1;
}

bool add_name_part(X509_NAME* name, int nid, const std::string& text) {
  return X509_NAME_add_entry_by_NID(name, nid, MBSTRING_UTF8,
                                    reinterpret_cast<const unsigned char*>(text.data()),
                                    static_cast<int>(text.size()), -1, 0) == 1;
}

// The library would choose PrintableString for plain letters; the profile says UTF8String.
bool force_utf8(X509_NAME* name) {
  for (int i = 0; i < X509_NAME_entry_count(name); ++i) {
    ASN1_STRING* const data = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, i));
    const std::string text(reinterpret_cast<const char*>(ASN1_STRING_get0_data(data)),
                           static_cast<std::size_t>(ASN1_STRING_length(data)));
    if (X509_NAME_ENTRY_set_data(X509_NAME_get_entry(name, i), V_ASN1_UTF8STRING,
                                 reinterpret_cast<const unsigned char*>(text.data()),
                                 static_cast<int>(text.size())) != 1) {
      return false;
    }
  }
  return true;
}

Name make_name(const SubjectName& subject) {
  Name name(X509_NAME_new());
  const bool is_whole = name &&
                        (subject.organisation.empty() ||
                         add_name_part(name.get(), NID_organizationName, subject.organisation)) &&
                        add_name_part(name.get(), NID_commonName, subject.common_name) &&
                        force_utf8(name.get());
  if (!is_whole) name.reset();
  return name;
}

bool set_serial(X509* certificate, std::string_view bytes) {
  std::string serial(bytes);
  serial.at(0) = static_cast<char>(static_cast<unsigned char>(serial[0]) & 0x7f);
  const Number number(BN_bin2bn(reinterpret_cast<const unsigned char*>(serial.data()),
                                static_cast<int>(serial.size()), nullptr));
  return number && BN_is_zero(number.get()) == 0 &&
         BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool set_validity(X509* certificate, Moment from, Moment until) {
  const Time begin = asn1_time(from), end = asn1_time(until);
  return begin && end && X509_set1_notBefore(certificate, begin.get()) == 1 &&
         X509_set1_notAfter(certificate, end.get()) == 1;
}

bool add_basic_constraints(X509* certificate, bool is_ca) {
  const BasicConstraints constraints(BASIC_CONSTRAINTS_new());
  if (!constraints) return false;
  constraints->ca = is_ca ? 0xff : 0;
  if (is_ca) {
    constraints->pathlen = ASN1_INTEGER_new();
    if (constraints->pathlen == nullptr) return false;  // A new integer is zero, as wanted.
  }
  return add(certificate, {NID_basic_constraints, constraints.get(), true});
}

// RFC 5280 4.2.1.3: bit 0 digitalSignature, bit 5 keyCertSign, bit 6 cRLSign.
bool add_key_usage(X509* certificate, std::initializer_list<int> bits) {
  const Handle<ASN1_BIT_STRING, ASN1_BIT_STRING_free> usage(ASN1_BIT_STRING_new());
  if (!usage) return false;
  for (const int bit : bits) {
    if (ASN1_BIT_STRING_set_bit(usage.get(), bit, 1) != 1) return false;
  }
  return add(certificate, {NID_key_usage, usage.get(), true});
}

bool add_extended_key_usage(X509* certificate, int purpose) {
  const Handle<EXTENDED_KEY_USAGE, EXTENDED_KEY_USAGE_free> usage(EXTENDED_KEY_USAGE_new());
  return usage && sk_ASN1_OBJECT_push(usage.get(), OBJ_nid2obj(purpose)) > 0 &&
         add(certificate, {NID_ext_key_usage, usage.get(), false});
}

// RFC 5280 4.2.1.2, method 1: SHA-1 of the public key's bits.
OctetString key_identifier(const CryptoLibrary& library, const X509* certificate) {
  unsigned char bytes[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  OctetString identifier(ASN1_OCTET_STRING_new());
  if (!identifier ||
      X509_pubkey_digest(certificate, library.digest("SHA1").get(), bytes, &length) != 1 ||
      ASN1_OCTET_STRING_set(identifier.get(), bytes, static_cast<int>(length)) != 1) {
    identifier.reset();
  }
  return identifier;
}

bool add_subject_key_identifier(const CryptoLibrary& library, X509* certificate) {
  return add(certificate,
             {NID_subject_key_identifier, key_identifier(library, certificate).get(), false});
}

// What the former was called by in the certificates it signed, however that was computed.
bool add_subject_key_identifier_of(const CryptoLibrary& library, X509* certificate,
                                   const X509* former) {
  const int place = X509_get_ext_by_NID(former, NID_subject_key_identifier, -1);
  if (place < 0) return add_subject_key_identifier(library, certificate);
  return X509_add_ext(certificate, X509_get_ext(former, place), -1) == 1;
}

bool add_authority_key_identifier(const CryptoLibrary& library, X509* certificate, X509* ca) {
  const KeyIdentifier identifier(AUTHORITY_KEYID_new());
  if (!identifier) return false;
  const ASN1_OCTET_STRING* const named = X509_get0_subject_key_id(ca);
  identifier->keyid =
      named != nullptr ? ASN1_OCTET_STRING_dup(named) : key_identifier(library, ca).release();
  return identifier->keyid != nullptr &&
         add(certificate, {NID_authority_key_identifier, identifier.get(), false});
}

GENERAL_NAME* general_name(int kind, const std::string& text) {
  GENERAL_NAME* const name = GENERAL_NAME_new();
  if (name == nullptr) return nullptr;
  ASN1_STRING* value = nullptr;
  if (kind == GEN_IPADD) {
    value = a2i_IPADDRESS(text.c_str());
  } else {
    value = ASN1_IA5STRING_new();
    if (value != nullptr) ASN1_STRING_set(value, text.data(), static_cast<int>(text.size()));
  }
  if (value != nullptr) GENERAL_NAME_set0_value(name, kind, value);
  return name;
}

bool add_alternative_names(X509* certificate, const std::vector<std::string>& dns_names,
                           const std::vector<std::string>& ip_addresses) {
  const GeneralNames names(GENERAL_NAMES_new());
  if (!names) return false;
  for (const std::string& text : dns_names) {
    sk_GENERAL_NAME_push(names.get(), general_name(GEN_DNS, text));
  }
  for (const std::string& text : ip_addresses) {
    GENERAL_NAME* const name = general_name(GEN_IPADD, text);
    if (name == nullptr || name->d.ptr == nullptr) {
      GENERAL_NAME_free(name);
      return false;
    }
    sk_GENERAL_NAME_push(names.get(), name);
  }
  return add(certificate, {NID_subject_alt_name, names.get(), false});
}

struct Body {
  const X509_NAME* subject = nullptr;
  const X509_NAME* issuer = nullptr;
  EVP_PKEY* key = nullptr;
  std::string_view serial;
};

Certificate begin_certificate(const CryptoLibrary& library, const Body& body) {
  Certificate certificate(X509_new_ex(library.context(), nullptr));
  X509* const raw = certificate.get();
  const bool is_whole = raw != nullptr && body.subject != nullptr && body.serial.size() > 0 &&
                        X509_set_version(raw, kVersion3) == 1 && set_serial(raw, body.serial) &&
                        X509_set_subject_name(raw, body.subject) == 1 &&
                        X509_set_issuer_name(raw, body.issuer) == 1 &&
                        X509_set_pubkey(raw, body.key) == 1;
  if (!is_whole) certificate.reset();
  return certificate;
}

bool sign(const CryptoLibrary& library, X509* certificate, EVP_PKEY* key, const char* digest) {
  return X509_sign(certificate, key, library.digest(digest).get()) > 0;
}

}  // namespace

Result<Certificate> make_ca_certificate(const CryptoLibrary& library, EVP_PKEY* key,
                                        const CaOrder& order) {
  const Name name = make_name(order.subject);
  Certificate certificate = begin_certificate(library, {name.get(), name.get(), key, order.serial});
  X509* const raw = certificate.get();
  const bool is_whole =
      raw != nullptr &&
      set_validity(raw, order.now - kBackdating, add_years(order.now, order.years)) &&
      add_basic_constraints(raw, true) && add_key_usage(raw, {5, 6}) &&
      add_subject_key_identifier(library, raw) && sign(library, raw, key, "SHA384");
  if (!is_whole) return library_failure("making the certificate of " + order.subject.common_name);
  return certificate;
}

Result<Certificate> renew_ca_certificate(const CryptoLibrary& library, EVP_PKEY* key,
                                         const X509* former, std::string_view serial) {
  const X509_NAME* const name = X509_get_subject_name(former);
  const auto from = moment_of(X509_get0_notBefore(former));
  Certificate certificate = begin_certificate(library, {name, name, key, serial});
  X509* const raw = certificate.get();
  const bool is_whole =
      raw != nullptr && from && set_validity(raw, *from, add_years(*from, kCaYears)) &&
      add_basic_constraints(raw, true) && add_key_usage(raw, {5, 6}) &&
      add_subject_key_identifier_of(library, raw, former) && sign(library, raw, key, "SHA384");
  if (!is_whole) return library_failure("renewing the certificate of " + common_name(former));
  return certificate;
}

Result<Certificate> make_controller_certificate(const CryptoLibrary& library, EVP_PKEY* key,
                                                const Signer& ca, const ControllerOrder& order) {
  const Name name = make_name(order.subject);
  Certificate certificate = begin_certificate(
      library, {name.get(), X509_get_subject_name(ca.certificate), key, order.serial});
  X509* const raw = certificate.get();
  const auto ca_end = moment_of(X509_get0_notAfter(ca.certificate));
  const Moment end = order.days == 0 ? add_years(order.now, kControllerYears)
                                     : order.now + std::chrono::days(order.days);
  const bool is_whole = raw != nullptr && ca_end &&
                        set_validity(raw, order.now - kBackdating, std::min(end, *ca_end)) &&
                        add_basic_constraints(raw, false) && add_key_usage(raw, {0}) &&
                        add_extended_key_usage(raw, NID_client_auth) &&
                        add_alternative_names(raw, order.dns_names, order.ip_addresses) &&
                        add_subject_key_identifier(library, raw) &&
                        add_authority_key_identifier(library, raw, ca.certificate) &&
                        sign(library, raw, ca.key, "SHA384");
  if (!is_whole) return library_failure("making the controller certificate");
  return certificate;
}

Result<Certificate> make_trial_amphora_certificate(const CryptoLibrary& library, EVP_PKEY* key,
                                                   const Signer& ca, Moment now,
                                                   KeyReference reference) {
  const std::string common_name = "amphora-trial";
  const Name name = make_name({.organisation = "", .common_name = common_name});
  Certificate certificate =
      begin_certificate(library, {name.get(), X509_get_subject_name(ca.certificate), key, "trial"});
  X509* const raw = certificate.get();
  const bool is_whole =
      raw != nullptr && set_validity(raw, now - kBackdating, now + kAmphoraLife) &&
      add_basic_constraints(raw, false) && add_key_usage(raw, {0}) &&
      add_extended_key_usage(raw, NID_server_auth) &&
      // Octavia's generator gives it its common name as a DNS name too.
      add_alternative_names(raw, {common_name}, {}) && add_subject_key_identifier(library, raw) &&
      (reference == KeyReference::none ||
       add_authority_key_identifier(library, raw, ca.certificate)) &&
      sign(library, raw, ca.key, "SHA256");
  if (!is_whole) return library_failure("making a trial amphora certificate");
  return certificate;
}

}  // namespace gatehouse::pki
