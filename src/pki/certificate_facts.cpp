#include "pki/certificate_facts.h"

#include <string_view>

#include <fmt/format.h>
#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/objects.h>

#include "base/digest.h"
#include "base/text.h"
#include "pki/times.h"

namespace gatehouse::pki {

namespace {

constexpr std::size_t kIpv6Bytes = 16;

std::string utf8_of(const ASN1_STRING* string) {
  unsigned char* bytes = nullptr;
  const int length = ASN1_STRING_to_UTF8(&bytes, string);
  if (length < 0) return {};
  std::string text(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(length));
  OPENSSL_free(bytes);
  return text;
}

std::string serial_text(const X509* certificate) {
  const Number number(ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr));
  if (!number) return {};
  char* const digits = BN_bn2hex(number.get());
  std::string text = digits == nullptr ? "" : digits;
  OPENSSL_free(digits);
  return text;
}

std::string ip_text(const ASN1_OCTET_STRING* address) {
  const unsigned char* const bytes = ASN1_STRING_get0_data(address);
  const auto length = static_cast<std::size_t>(ASN1_STRING_length(address));
  if (length == 4) return fmt::format("{}.{}.{}.{}", bytes[0], bytes[1], bytes[2], bytes[3]);
  if (length != kIpv6Bytes) return std::string(kMalformedIp);
  std::string text;
  for (std::size_t i = 0; i < length; i += 2) {
    text += fmt::format("{}{:x}", i == 0 ? "" : ":", bytes[i] << 8 | bytes[i + 1]);
  }
  return text;
}

std::string last_part(const X509_NAME* name, int kind) {
  int found = -1;
  for (int next = X509_NAME_get_index_by_NID(name, kind, -1); next >= 0;
       next = X509_NAME_get_index_by_NID(name, kind, next)) {
    found = next;
  }
  if (found < 0) return {};
  return utf8_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, found)));
}

std::vector<std::string> names_of_kind(X509* certificate, int kind) {
  std::vector<std::string> texts;
  const GeneralNames names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* const name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type != kind) continue;
    texts.push_back(kind == GEN_IPADD ? ip_text(name->d.iPAddress) : utf8_of(name->d.dNSName));
  }
  return texts;
}

}  // namespace

std::string to_string(Role role) {
  switch (role) {
    case Role::issuing_ca:
      return "issuing CA";
    case Role::controller_ca:
      return "controller CA";
    case Role::controller:
      return "controller certificate";
  }
  return {};
}

std::string unit_file(Role role) {
  switch (role) {
    case Role::issuing_ca:
      return "/etc/octavia/certs/issuing_ca.pem";
    case Role::controller_ca:
      return "/etc/octavia/certs/controller_ca.pem";
    case Role::controller:
      return "/etc/octavia/certs/controller_cert.pem";
  }
  return {};
}

std::chrono::days error_margin(Role role) {
  return std::chrono::days(role == Role::controller ? 30 : 44);
}

std::vector<std::string> unit_files() {
  return {unit_file(Role::issuing_ca), unit_file(Role::controller_ca), unit_file(Role::controller)};
}

std::string name_text(const X509_NAME* name) {
  std::vector<std::string> parts;
  for (int i = 0; i < X509_NAME_entry_count(name); ++i) {
    const X509_NAME_ENTRY* const entry = X509_NAME_get_entry(name, i);
    const int kind = OBJ_obj2nid(X509_NAME_ENTRY_get_object(entry));
    const std::string_view label = kind == NID_undef ? "?" : OBJ_nid2sn(kind);
    parts.push_back(fmt::format("{}={}", label, utf8_of(X509_NAME_ENTRY_get_data(entry))));
  }
  return printable(join(parts, ", "));
}

std::string common_name(const X509* certificate) {
  return last_part(X509_get_subject_name(certificate), NID_commonName);
}

std::string organisation(const X509* certificate) {
  return last_part(X509_get_subject_name(certificate), NID_organizationName);
}

std::vector<std::string> dns_names_of(X509* certificate) {
  return names_of_kind(certificate, GEN_DNS);
}

std::vector<std::string> ip_addresses_of(X509* certificate) {
  return names_of_kind(certificate, GEN_IPADD);
}

std::string canonical_ip(const std::string& text) {
  const OctetString address(a2i_IPADDRESS(text.c_str()));
  return address ? ip_text(address.get()) : text;
}

std::string fingerprint_text(const std::string& digits) {
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i != 0 && i % 2 == 0) text += ':';
    const char c = digits[i];
    text += c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return text;
}

std::string der_of(X509* certificate) {
  unsigned char* bytes = nullptr;
  const int length = i2d_X509(certificate, &bytes);
  if (length <= 0) return {};
  std::string der(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(length));
  OPENSSL_free(bytes);
  return der;
}

std::string public_key_sha256(X509* certificate) {
  unsigned char* bytes = nullptr;
  const int length = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &bytes);
  if (length <= 0) return {};
  const std::string digest =
      sha256_hex({reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(length)});
  OPENSSL_free(bytes);
  return digest;
}

CertificateFacts facts_of(X509* certificate, Role role) {
  CertificateFacts facts;
  facts.role = to_string(role);
  facts.unit_file = unit_file(role);
  facts.subject = name_text(X509_get_subject_name(certificate));
  facts.issuer = name_text(X509_get_issuer_name(certificate));
  facts.serial = serial_text(certificate);
  facts.not_before = moment_of(X509_get0_notBefore(certificate)).value_or(Moment{});
  facts.not_after = moment_of(X509_get0_notAfter(certificate)).value_or(Moment{});
  facts.least_days = error_margin(role).count();
  facts.fingerprint = sha256_hex(der_of(certificate));
  for (const std::string& name : dns_names_of(certificate)) {
    facts.names.push_back("DNS:" + printable(name));
  }
  for (const std::string& text : ip_addresses_of(certificate)) facts.names.push_back("IP:" + text);
  return facts;
}

json::object to_json(const CertificateFacts& facts) {
  json::array names;
  for (const std::string& name : facts.names) names.emplace_back(name);
  return {{"role", facts.role},
          {"subject", facts.subject},
          {"issuer", facts.issuer},
          {"serial", facts.serial},
          {"not_before", to_rfc3339(facts.not_before)},
          {"not_after", to_rfc3339(facts.not_after)},
          {"sha256", facts.fingerprint},
          {"san", std::move(names)}};
}

bool is_same_dns_name(const std::string& one, const std::string& other) {
  return OPENSSL_strcasecmp(one.c_str(), other.c_str()) == 0;
}

}  // namespace gatehouse::pki
