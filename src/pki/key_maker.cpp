#include "pki/key_maker.h"

#include <string>

#include <openssl/core_names.h>
#include <openssl/rand.h>

namespace gatehouse::pki {

namespace {

class LibraryKeyMaker final : public KeyMaker {
 public:
  Result<PrivateKey> make_key(const CryptoLibrary& library, Curve curve) override {
    const char* const group = curve == Curve::p384 ? "P-384" : "P-256";
    PrivateKey key(EVP_PKEY_Q_keygen(library.context(), nullptr, "EC", group));
    if (!key) return library_failure("making a key");
    return key;
  }

  Result<Secret> random(const CryptoLibrary& library, std::size_t count) override {
    std::string bytes(count, '\0');
    auto* const raw = reinterpret_cast<unsigned char*>(bytes.data());
    if (RAND_priv_bytes_ex(library.context(), raw, count, 0) != 1) {
      return library_failure("drawing random bytes");
    }
    return Secret::take(bytes);
  }
};

}  // namespace

std::unique_ptr<KeyMaker> make_key_maker() {
  return std::make_unique<LibraryKeyMaker>();
}

}  // namespace gatehouse::pki
