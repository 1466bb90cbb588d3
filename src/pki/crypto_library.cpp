#include "pki/crypto_library.h"

#include <utility>

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/provider.h>

namespace gatehouse::pki {

namespace {

// Room for the few keys of one run; locked in memory where the system's limit allows it.
constexpr std::size_t kSecureHeapBytes = std::size_t{1} << 18;
constexpr std::size_t kSecureHeapLeastBlock = 32;

}  // namespace

void CryptoLibrary::FreeContext::operator()(OSSL_LIB_CTX* context) const {
  OSSL_LIB_CTX_free(context);
}

void CryptoLibrary::UnloadProvider::operator()(OSSL_PROVIDER* provider) const {
  OSSL_PROVIDER_unload(provider);
}

CryptoLibrary::CryptoLibrary(CryptoLibrary&&) noexcept = default;
CryptoLibrary& CryptoLibrary::operator=(CryptoLibrary&& other) noexcept {
  provider_ = std::move(other.provider_);
  context_ = std::move(other.context_);
  return *this;
}
CryptoLibrary::~CryptoLibrary() = default;

Result<CryptoLibrary> CryptoLibrary::open() {
  if (CRYPTO_secure_malloc_initialized() == 0) {
    // Without it the library falls back to its ordinary heap, which it wipes as well.
    CRYPTO_secure_malloc_init(kSecureHeapBytes, kSecureHeapLeastBlock);
  }
  CryptoLibrary library;
  library.context_.reset(OSSL_LIB_CTX_new());
  if (library.context_) {
    library.provider_.reset(OSSL_PROVIDER_load(library.context_.get(), "default"));
  }
  if (!library.provider_) {
    return fail(ErrorKind::unavailable, "crypto library cannot be used: " + take_library_error());
  }
  return library;
}

Digest CryptoLibrary::digest(const char* name) const {
  return Digest(EVP_MD_fetch(context(), name, nullptr));
}

Cipher CryptoLibrary::cipher(const char* name) const {
  return Cipher(EVP_CIPHER_fetch(context(), name, nullptr));
}

std::string take_library_error() {
  const unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  return reason == nullptr ? "no reason given" : reason;
}

tl::unexpected<Error> library_failure(const std::string& what) {
  return fail(ErrorKind::io, fmt::format("{}: {}", what, take_library_error()));
}

}  // namespace gatehouse::pki
