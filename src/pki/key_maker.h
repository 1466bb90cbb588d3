// Where keys and secret random bytes come from. The real one is the crypto library's private
// generator; a simulation puts fixed keys in its place.
#pragma once

#include <cstddef>
#include <memory>

#include "base/result.h"
#include "base/secret.h"
#include "pki/crypto_library.h"
#include "pki/handles.h"

namespace gatehouse::pki {

enum class Curve { p256, p384 };

class KeyMaker {
 public:
  virtual ~KeyMaker() = default;
  /// A fresh key on a named curve, its public point uncompressed; it belongs to the library given.
  virtual Result<PrivateKey> make_key(const CryptoLibrary& library, Curve curve) = 0;
  /// For passphrases, serial numbers and salts: exactly so many bytes.
  virtual Result<Secret> random(const CryptoLibrary& library, std::size_t count) = 0;
};

std::unique_ptr<KeyMaker> make_key_maker();

}  // namespace gatehouse::pki
