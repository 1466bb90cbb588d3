// Rules for the two certificate authorities, by themselves and against each other.
#pragma once

#include "pki/findings.h"
#include "pki/material.h"

namespace gatehouse::pki {

/// Reports the codes that begin with "ca-".
void check_cas(const Material& material, Findings& findings);

/// Whether the certificate's signature was made by that key.
bool is_signed_by(const FoundCertificate& certificate, const FoundCertificate& signer);
/// Whether that is the SHA-1 of the certificate's public key (RFC 5280 4.2.1.2, method 1).
bool is_identifier_of_key(const X509* certificate, const ASN1_OCTET_STRING* identifier);
/// Whether the private key belongs to the certificate.
bool is_key_of(EVP_PKEY* key, const FoundCertificate& certificate);

}  // namespace gatehouse::pki
