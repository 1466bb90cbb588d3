// A CA of the workspace, with its key in the clear in memory.
#pragma once

#include <string>

#include "base/result.h"
#include "base/secret.h"
#include "pki/certificate_profile.h"
#include "pki/crypto_library.h"

namespace gatehouse::pki {

struct OpenedCa {
  Certificate certificate;
  PrivateKey key;
};

/// conflict where the certificate cannot be read or the passphrase does not open the key.
Result<OpenedCa> open_ca(const CryptoLibrary& library, const std::string& certificate_pem,
                         const Secret& key_pem, const Secret& passphrase);

SubjectName subject_of(const X509* certificate);

}  // namespace gatehouse::pki
