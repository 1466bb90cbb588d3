#include "base/secret.h"

#include <openssl/crypto.h>

namespace gatehouse {

Secret::Secret(std::string_view bytes) : bytes_(bytes.begin(), bytes.end()) {}

Secret Secret::take(std::string& bytes) {
  Secret secret(bytes);
  gatehouse::wipe(bytes);
  return secret;
}

Secret::Secret(Secret&& other) noexcept : bytes_(std::move(other.bytes_)) {
  other.wipe();
}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe();
    bytes_ = std::move(other.bytes_);
    other.wipe();
  }
  return *this;
}

Secret::~Secret() {
  wipe();
}

bool Secret::equals(std::string_view other) const {
  return other.size() == bytes_.size() &&
         CRYPTO_memcmp(other.data(), bytes_.data(), bytes_.size()) == 0;
}

void Secret::wipe() {
  if (!bytes_.empty()) {
    OPENSSL_cleanse(bytes_.data(), bytes_.size());
    bytes_.clear();
  }
}

void wipe(std::string& bytes) {
  if (!bytes.empty()) {
    OPENSSL_cleanse(bytes.data(), bytes.size());
    bytes.clear();
  }
}

}  // namespace gatehouse
