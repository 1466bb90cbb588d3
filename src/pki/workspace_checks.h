// The overlay against the workspace that it should have been made from.
#pragma once

#include "pki/crypto_library.h"
#include "pki/findings.h"
#include "pki/handles.h"
#include "pki/material.h"
#include "pki/verify.h"

namespace gatehouse::pki {

/// Reports ca-key-mismatch where the workspace's CAs are not those of the overlay, or where its
/// controller CA key does not belong to that CA; passphrase-wrong where its passphrase does not
/// open that key.
void check_workspace(const CryptoLibrary& library, const Material& material,
                     const WorkspaceMaterial& workspace, Findings& findings);

}  // namespace gatehouse::pki
