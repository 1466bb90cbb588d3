// Makes the whole PKI: two CAs, the controller certificate, the workspace that keeps their keys,
// and the overlay. Start at create_pki. Rotation is not here.
#pragma once

#include <string>
#include <vector>

#include "base/moment.h"
#include "base/result.h"
#include "diag/diagnostic.h"
#include "effects/effects.h"
#include "facts/facts.h"
#include "pki/certificate_profile.h"
#include "pki/key_maker.h"
#include "pki/key_protection.h"
#include "pki/write_places.h"

namespace gatehouse::pki {

enum class ExistingOverlay { refuse, replace };

struct PkiRequest {
  std::string workspace;
  std::string overlay;
  std::string application = "octavia";
  std::string organisation;      ///< O of every subject; left out where empty
  std::string name = "Octavia";  ///< the CAs are "NAME Issuing CA" and "NAME Controller CA"
  std::vector<std::string> dns;  ///< of the controller certificate; the first is its common name
  std::vector<std::string> ips;
  Moment now{};
  int iterations = kIterations;  ///< of PBKDF2, for each CA key
  int ca_years = kCaYears;       ///< 1 to kCaYears
  int controller_days = 0;       ///< 0 for kControllerYears calendar years
  ExistingOverlay existing = ExistingOverlay::refuse;
  WorkTree work_tree = WorkTree::refused;
};

enum class Origin {
  made,       ///< new CAs and a new controller certificate
  rewritten,  ///< the overlay alone, from a workspace that was whole
};

struct PkiCreated {
  Origin origin = Origin::made;
  std::string overlay;
  std::string workspace;
  std::vector<CertificateFacts> certificates;
  std::vector<Diagnostic> findings;  ///< warnings and notes, without places
};

/// Never overwrites a CA key. Errors: invalid_input (a name or address of the request), denied (a
/// workspace that is open to others, not ours, a symlink or in a git work tree; an overlay in a
/// work tree that does not ignore it), conflict (the overlay exists, or the workspace holds keys
/// already), io. After an error the workspace holds nothing new, unless the
/// overlay alone could not be written; then the same call writes it.
Result<PkiCreated> create_pki(const PkiRequest& request, Effects& effects, KeyMaker& key_maker);

}  // namespace gatehouse::pki
