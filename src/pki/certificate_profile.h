// The certificates that this product makes, field by field (notes of the project, "Requirements:
// exact values"). Start at make_ca_certificate.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/moment.h"
#include "base/result.h"
#include "pki/crypto_library.h"
#include "pki/handles.h"

namespace gatehouse::pki {

inline constexpr int kCaYears = 10;
inline constexpr int kControllerYears = 2;
/// A host whose clock runs a little late must not refuse a new certificate (tried with 5 minutes).
inline constexpr std::chrono::hours kBackdating{1};
/// RFC 5280 4.1.2.2: at most 20 octets and positive; one bit less leaves no sign octet.
inline constexpr std::size_t kSerialBytes = 20;
/// RFC 5280 A.1: ub-common-name and ub-organization-name.
inline constexpr std::size_t kNameCharactersMax = 64;

struct SubjectName {
  std::string organisation;  ///< left out where empty
  std::string common_name;
};

struct CaOrder {
  SubjectName subject;
  Moment now;
  std::string_view serial;  ///< kSerialBytes random bytes; the first bit is cleared
  int years = kCaYears;
};

struct ControllerOrder {
  SubjectName subject;
  std::vector<std::string> dns_names;
  std::vector<std::string> ip_addresses;  ///< each one readable as IPv4 or IPv6
  Moment now;
  std::string_view serial;
  int days = 0;  ///< of life; 0 for kControllerYears calendar years
};

/// Self-signed with SHA-384, valid from an hour ago for ten calendar years.
Result<Certificate> make_ca_certificate(const CryptoLibrary& library, EVP_PKEY* key,
                                        const CaOrder& order);

/// A CA's certificate once more, for the same key and under the same name, so that all it has
/// signed stays good: valid from the former's beginning for kCaYears, for no key may serve longer.
Result<Certificate> renew_ca_certificate(const CryptoLibrary& library, EVP_PKEY* key,
                                         const X509* former, std::string_view serial);

struct Signer {
  X509* certificate = nullptr;
  EVP_PKEY* key = nullptr;
};

/// Signed with SHA-384, two calendar years, but never beyond its CA's end.
Result<Certificate> make_controller_certificate(const CryptoLibrary& library, EVP_PKEY* key,
                                                const Signer& ca, const ControllerOrder& order);

enum class KeyReference { by_identifier, none };

/// What Octavia issues for one amphora, for a trial only: 30 days, serverAuth. Octavia before March
/// 2026 (c86b945c) set no authority key identifier.
Result<Certificate> make_trial_amphora_certificate(const CryptoLibrary& library, EVP_PKEY* key,
                                                   const Signer& ca, Moment now,
                                                   KeyReference reference);

}  // namespace gatehouse::pki
