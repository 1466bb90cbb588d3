// A mutual TLS handshake in memory, as between Octavia's controller and the agent in an amphora.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/moment.h"
#include "pki/crypto_library.h"
#include "pki/handles.h"

namespace gatehouse::pki {

/// One end: what it shows, and whom it trusts.
struct Endpoint {
  X509* certificate = nullptr;  ///< null: shows none
  EVP_PKEY* key = nullptr;
  std::vector<X509*> trusted;
  bool verifies = true;  ///< false: a controller that takes whatever the amphora shows
};

struct HandshakeResult {
  bool is_agreed = false;
  std::string reason;  ///< the library's, where it is not
};

/// What all handshakes share; costly to make, so one does for many.
class TlsContext {
 public:
  explicit TlsContext(const CryptoLibrary& library);

  /// The amphora is the server and demands a certificate; the controller verifies the server's.
  HandshakeResult shake_hands(const Endpoint& controller, const Endpoint& amphora, Moment at) const;

 private:
  Handle<SSL_CTX, SSL_CTX_free> context_;  ///< null where the library cannot make one
};

}  // namespace gatehouse::pki
