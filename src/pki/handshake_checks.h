// The last word on an overlay: do a controller and an amphora that were born under it find each
// other, and do they refuse everybody else?
#pragma once

#include "base/moment.h"
#include "pki/chain_checks.h"
#include "pki/crypto_library.h"
#include "pki/findings.h"
#include "pki/material.h"

namespace gatehouse::pki {

/// Reports handshake. Does nothing where an error is known already, since that is the better word.
void check_handshake(const CryptoLibrary& library, const Material& material,
                     const TrialAmphora& amphora, Moment at, Findings& findings);

}  // namespace gatehouse::pki
