// What no list of rules can replace: the library builds both chains itself, as the agent in an
// amphora and as Octavia do, at the moment asked for.
#pragma once

#include <optional>

#include "base/moment.h"
#include "pki/crypto_library.h"
#include "pki/findings.h"
#include "pki/handles.h"
#include "pki/key_maker.h"
#include "pki/material.h"

namespace gatehouse::pki {

/// Verifies the controller certificate as a TLS client's, and a throwaway amphora certificate,
/// issued in memory with and without an authority key identifier, as a TLS server's. Reports
/// chain-broken where the library refuses, strict-chain where only X509_STRICT does (Python 3.13
/// and later). Gives the one with an identifier, for the handshake; nothing where none was issued.
struct TrialAmphora {
  PrivateKey key;
  Certificate certificate;
};
std::optional<TrialAmphora> check_chains(const CryptoLibrary& library, const Material& material,
                                         Moment at, Findings& findings);

}  // namespace gatehouse::pki
