// The encryption of a backup: AES-256-GCM under a key that PBKDF2 makes of a passphrase.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"
#include "pki/crypto_library.h"
#include "pki/key_maker.h"

namespace gatehouse::pki {

/// First line, salt, nonce, sealed bytes, tag. Nothing of `bytes` shows in it but their number.
Result<std::string> seal_backup(const CryptoLibrary& library, KeyMaker& key_maker,
                                std::string_view bytes, const Secret& passphrase);
/// malformed where it is no backup; denied where passphrase or bytes are not what they were.
Result<Secret> open_backup(const CryptoLibrary& library, std::string_view sealed,
                           const Secret& passphrase);

}  // namespace gatehouse::pki
