// The two private keys of an overlay and the passphrase.
#pragma once

#include "pki/crypto_library.h"
#include "pki/findings.h"
#include "pki/handles.h"
#include "pki/option_text.h"
#include "pki/overlay_reader.h"

namespace gatehouse::pki {

/// Reports passphrase-whitespace, passphrase-unsafe and passphrase-weak.
void check_passphrase(const OverlayDocument& document, Findings& findings);

/// Reports key-not-encrypted, kdf-weak, passphrase-wrong, der-invalid, pem-none; null where the key
/// cannot be opened.
PrivateKey read_issuing_key(const CryptoLibrary& library, const OverlayDocument& document,
                            Findings& findings);

/// Reports leaf-key-encrypted, der-invalid, pem-none.
PrivateKey read_controller_key(const CryptoLibrary& library, const OptionText& option,
                               Findings& findings);

}  // namespace gatehouse::pki
