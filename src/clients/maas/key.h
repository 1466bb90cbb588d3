// The MAAS API key and the OAuth 1.0 PLAINTEXT header made of it. Source: what the `maas` command
// of MAAS 3.5.0 sends. Nothing of the request is signed, so the header is itself a bearer secret.
#pragma once

#include <string_view>

#include "base/moment.h"
#include "base/secret.h"
#include "effects/entropy.h"
#include "effects/http.h"

namespace gatehouse::maas {

struct Key {
  Secret consumer;
  Secret token;
  Secret secret;

  /// Is any part of the key in that text?
  bool occurs_in(std::string_view text) const;
};

/// "CONSUMER:TOKEN:SECRET", blanks and line ends around it ignored. invalid_input without a word of
/// the text itself.
Result<Key> parse_key(std::string_view text);

/// A header with a nonce of its own: MAAS refuses a nonce that it saw before, so every try needs a
/// new one. Marked secret. Fails only where there is no entropy.
Result<HttpHeader> authorization_header(const Key& key, Moment now, Entropy& entropy);

}  // namespace gatehouse::maas
