// Rules for the two certificate authorities, by themselves and against each other.
#pragma once

#include "pki/findings.h"
#include "pki/material.h"

namespace gatehouse::pki {

/// Reports the codes that begin with "ca-".
void check_cas(const Material& material, Findings& findings);

/// Whether the certificate's signature was made by that key.
bool is_signed_by(const FoundCertificate& certificate, const FoundCertificate& signer);
/// Whether the private key belongs to the certificate.
bool is_key_of(EVP_PKEY* key, const FoundCertificate& certificate);

}  // namespace gatehouse::pki
