// The overlay against the workspace that it should have been made from.
#pragma once

#include "pki/crypto_library.h"
#include "pki/findings.h"
#include "pki/handles.h"
#include "pki/material.h"
#include "pki/verify.h"

namespace gatehouse::pki {

/// The workspace's controller CA key, without one where its passphrase does not open it. It takes
/// as long as its PBKDF2 count asks for, and may be called on a thread of its own.
PrivateKey controller_ca_key(const CryptoLibrary& library, const WorkspaceMaterial& workspace);

/// Reports ca-key-mismatch where the workspace's CAs are not those of the overlay, or where that
/// key does not belong to the controller CA; passphrase-wrong where it was not opened.
void check_workspace(const CryptoLibrary& library, const Material& material,
                     const WorkspaceMaterial& workspace, const PrivateKey& controller_ca_key,
                     Findings& findings);

}  // namespace gatehouse::pki
