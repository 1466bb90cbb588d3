// The certificates and keys that the five values hold, as the library reads them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pki/certificate_facts.h"
#include "pki/crypto_library.h"
#include "pki/findings.h"
#include "pki/handles.h"
#include "pki/overlay_reader.h"

namespace gatehouse::pki {

struct FoundCertificate {
  Certificate x509;
  Role role = Role::issuing_ca;
  std::size_t index = 0;  ///< within its option: Octavia signs with the first issuing CA
  Place place;
  std::string name;  ///< "issuing CA", or "issuing CA 2" in an overlap

  X509* get() const { return x509.get(); }
};

struct Material {
  std::vector<FoundCertificate> issuing_cas;
  std::vector<FoundCertificate> controller_cas;
  std::vector<FoundCertificate> controllers;  ///< one, in a sound overlay
  PrivateKey issuing_key;                     ///< null where it could not be opened
  PrivateKey controller_key;

  std::vector<const FoundCertificate*> all() const;
};

/// The first certificate of a PEM text; null where none can be read.
Certificate read_certificate(const CryptoLibrary& library, std::string_view pem);

/// Reports everything between the YAML text and the decoded objects: base64-invalid, pem-*,
/// der-invalid, private-key-in-cacert, cert-count, overlap, the passphrase and the keys'
/// protection.
Material read_material(const CryptoLibrary& library, const OverlayDocument& document,
                       Findings& findings);

}  // namespace gatehouse::pki
