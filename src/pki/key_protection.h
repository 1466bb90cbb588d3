// Private keys as PEM, encrypted or not, and what protects an encrypted one. Nothing here ever asks
// for a passphrase at the terminal.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"
#include "pki/crypto_library.h"
#include "pki/handles.h"
#include "pki/pem_blocks.h"

namespace gatehouse::pki {

/// NIST SP 800-132 asks for 1,000 at least. The passphrases made here have 256 random bits, so the
/// count protects nothing, and Octavia pays for it with each amphora certificate.
inline constexpr int kIterations = 10'000;
inline constexpr int kIterationsLeast = 1'000;
/// More are not tried: 1,000 take about 0.25 ms, and a forged count must not hold us for minutes.
inline constexpr std::uint64_t kIterationsMost = 10'000'000;
/// 128 bits: also what the FIPS provider asks for (openssl#20783).
inline constexpr std::size_t kSaltBytes = 16;

/// PKCS#8 without encryption.
Result<Secret> plain_key_pem(const CryptoLibrary& library, EVP_PKEY* key);
struct Sealing {
  const Secret& passphrase;
  const Secret& salt;  ///< kSaltBytes
  int iterations = kIterations;
};

/// PKCS#8, PBES2, AES-256-CBC, PBKDF2 with HMAC-SHA256.
Result<Secret> encrypted_key_pem(const CryptoLibrary& library, EVP_PKEY* key,
                                 const Sealing& sealing);

enum class KeyFormat { plain, pkcs8_encrypted, old_pem_encrypted };

/// How an encrypted key is protected, as far as its outer structure tells.
struct KeyProtection {
  KeyFormat format = KeyFormat::plain;
  std::string scheme;  ///< "PBES2 with PBKDF2", "PBES1", "scrypt", ...
  std::string cipher;  ///< "AES-256-CBC"; "" where unknown
  std::string prf;     ///< of PBKDF2: "hmacWithSHA256"
  std::optional<std::uint64_t> iterations;
  std::optional<std::size_t> salt_bytes;
};

/// Nothing where the block is no private key or its structure cannot be read.
std::optional<KeyProtection> protection_of(const PemBlock& block);

struct OpenedKey {
  PrivateKey key;
  /// PKCS#8 as OpenSSL writes this key, byte by byte; true for the older formats.
  bool is_exact = true;
};

/// Without a key where the passphrase does not open it or what comes out is none. Refuses to start
/// a derivation of more than kIterationsMost.
OpenedKey open_key(const CryptoLibrary& library, const PemBlock& block,
                   std::string_view passphrase);

}  // namespace gatehouse::pki
