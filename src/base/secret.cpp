#include "base/secret.h"

#include <cstdint>

#include <openssl/crypto.h>
#include <sys/mman.h>
#include <unistd.h>

namespace gatehouse {

namespace {

// Keeps the pages of a secret out of swap. Best effort: a limit that is reached must not stop a
// run, and a page that was locked once may stay so, for the next secret will lie there.
void keep_in_memory(const void* bytes, std::size_t size) {
  if (size == 0) return;
  static const auto kPage = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
  const auto first = reinterpret_cast<std::uintptr_t>(bytes) / kPage * kPage;
  const auto end = reinterpret_cast<std::uintptr_t>(bytes) + size;
  static_cast<void>(mlock(reinterpret_cast<const void*>(first), end - first));
}

}  // namespace

Secret::Secret(std::string_view bytes) {
  bytes_.reserve(bytes.size());
  keep_in_memory(bytes_.data(), bytes.size());
  bytes_.assign(bytes.begin(), bytes.end());
}

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

void wipe(void* bytes, std::size_t size) {
  OPENSSL_cleanse(bytes, size);
}

[[gnu::noinline]] void wipe_stack() {
  unsigned char below[std::size_t{32} << 10];
  OPENSSL_cleanse(below, sizeof below);
}

}  // namespace gatehouse
