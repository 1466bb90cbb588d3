// Reads out of a certificate what may be told of it: names, dates, digests. No secret gets in here.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "facts/facts.h"
#include "pki/handles.h"

namespace gatehouse::pki {

enum class Role { issuing_ca, controller_ca, controller };

/// "issuing CA", "controller CA", "controller certificate".
std::string to_string(Role role);
/// Where the charm writes the option that holds it, on each unit (charm-octavia c2cd8a4d). The file
/// of the controller certificate holds its key too.
std::string unit_file(Role role);
/// What must be left of a certificate's life. Octavia's amphora certificates live 30 days, and
/// housekeeping renews them 14 days before their end: hence 44 for an authority.
std::chrono::days error_margin(Role role);
std::vector<std::string> unit_files();

/// Times that are malformed in the certificate come out as the epoch. The serial is upper-case
/// hexadecimal, with a minus sign where it is negative.
CertificateFacts facts_of(X509* certificate, Role role);
/// {"role","subject","issuer","serial","not_before","not_after","sha256","san"}.
json::object to_json(const CertificateFacts& facts);

/// In the order in which the certificate holds it: "O=Example, CN=Example Issuing CA".
std::string name_text(const X509_NAME* name);
/// The last common name of the subject, or "".
std::string common_name(const X509* certificate);
/// The last organisation of the subject, or "".
std::string organisation(const X509* certificate);
std::vector<std::string> dns_names_of(X509* certificate);
/// Upper and lower case are the same (RFC 4343).
bool is_same_dns_name(const std::string& one, const std::string& other);
std::vector<std::string> ip_addresses_of(X509* certificate);
/// What stands for an address of neither 4 nor 16 bytes.
inline constexpr std::string_view kMalformedIp = "malformed";
/// An address as `facts_of` writes it; the text itself where it is no address.
std::string canonical_ip(const std::string& text);
/// "AB:CD:...": hexadecimal digits as `openssl x509 -fingerprint` prints them.
std::string fingerprint_text(const std::string& digits);
/// The certificate as DER; "" where it cannot be encoded.
std::string der_of(X509* certificate);
/// SHA-256 of the SubjectPublicKeyInfo.
std::string public_key_sha256(X509* certificate);

}  // namespace gatehouse::pki
