// Makes keys, passphrases and certificates, in memory only.
#pragma once

#include <string>

#include "base/result.h"
#include "pki/create.h"
#include "pki/crypto_library.h"
#include "pki/key_maker.h"
#include "pki/workspace.h"

namespace gatehouse::pki {

struct MadeChain {
  Chain chain;
  std::string journal;  ///< one JSON object a line for each certificate: docs/formats/pki.md
};

/// The request must have passed check_request.
Result<MadeChain> make_chain(const CryptoLibrary& library, KeyMaker& key_maker,
                             const PkiRequest& request);

}  // namespace gatehouse::pki
