// Issues one CA or one controller certificate with a fresh key, in memory only: what `create`,
// `renew` and `roll` put together.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"
#include "pki/certificate_facts.h"
#include "pki/certificate_profile.h"
#include "pki/crypto_library.h"
#include "pki/key_maker.h"
#include "pki/key_protection.h"

namespace gatehouse::pki {

/// What each certificate is made with.
struct Issuer {
  const CryptoLibrary& library;
  KeyMaker& key_maker;
  Moment now;
  int iterations = kIterations;  ///< of PBKDF2, for the keys of CAs
  int ca_years = kCaYears;
  int controller_days = 0;  ///< 0 for kControllerYears calendar years
};

struct MadeCa {
  PrivateKey key;
  Certificate certificate;
  std::string certificate_pem;
  Secret passphrase;
  Secret key_pem;  ///< encrypted
};

Result<MadeCa> issue_ca(const Issuer& issuer, const SubjectName& subject);

struct MadeController {
  Certificate certificate;
  std::string certificate_pem;
  Secret key_pem;  ///< not encrypted
};

/// `now` and `serial` of the order are filled in; the common name becomes a DNS name too.
Result<MadeController> issue_controller(const Issuer& issuer, const Signer& ca,
                                        ControllerOrder order);

/// A line of the workspace's journal: docs/formats/pki.md.
std::string journal_line(std::string_view event, X509* certificate, Role role, Moment now);

Result<std::string> certificate_pem(X509* certificate);

}  // namespace gatehouse::pki
