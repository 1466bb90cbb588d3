// The crypto library in a context of our own, which reads no configuration file, as the program
// reads none (src/cli/main.cpp): the machine's openssl.cnf cannot change what is made or found good
// (notes of the project, defect 3). Every object of this folder belongs to one such context, which
// outlives it.
#pragma once

#include <memory>
#include <string>

#include <openssl/types.h>

#include "base/result.h"
#include "pki/handles.h"

namespace gatehouse::pki {

class CryptoLibrary {
 public:
  /// unavailable where the library's default provider cannot be loaded.
  static Result<CryptoLibrary> open();

  CryptoLibrary(CryptoLibrary&&) noexcept;
  CryptoLibrary& operator=(CryptoLibrary&&) noexcept;
  ~CryptoLibrary();

  OSSL_LIB_CTX* context() const { return context_.get(); }
  /// Never null for the names used here ("SHA384", "AES-256-CBC"): all are in the default provider.
  Digest digest(const char* name) const;
  Cipher cipher(const char* name) const;

 private:
  CryptoLibrary() = default;
  struct FreeContext {
    void operator()(OSSL_LIB_CTX* context) const;
  };
  struct UnloadProvider {
    void operator()(OSSL_PROVIDER* provider) const;
  };
  // The provider goes before its context: members are destroyed from the last to the first.
  std::unique_ptr<OSSL_LIB_CTX, FreeContext> context_;
  std::unique_ptr<OSSL_PROVIDER, UnloadProvider> provider_;
};

/// The library's newest reason, without file and line of its sources; empties its error queue.
std::string take_library_error();
/// An `io` error: "WHAT: reason of the library".
tl::unexpected<Error> library_failure(const std::string& what);

}  // namespace gatehouse::pki
