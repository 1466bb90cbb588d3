// The life of a PKI after it was made: a new controller certificate, and new CAs in phases during
// which no amphora gets out of reach. Each step changes the workspace so that it can be finished
// after a crash, writes a whole new overlay and tells the operator what to do. Start at renew.
#pragma once

#include <string>
#include <vector>

#include "base/moment.h"
#include "base/result.h"
#include "diag/diagnostic.h"
#include "effects/effects.h"
#include "facts/facts.h"
#include "pki/key_maker.h"
#include "pki/key_protection.h"
#include "pki/roll_schedule.h"

namespace gatehouse::pki {

struct RotationRequest {
  std::string workspace;
  std::string overlay;
  std::string application = "octavia";
  Moment now{};
  int iterations = kIterations;
  std::string phase;      ///< the one that is wanted; "" for the next
  std::string confirmed;  ///< the phase whose precondition the operator vouches for
  bool is_compromised = false;
  /// Of the new controller certificate; where one is empty, those of the present one.
  std::vector<std::string> dns = {}, ips = {};
};

struct Rotated {
  std::string what;  ///< "renew", "roll issuing: trust"
  std::vector<CertificateFacts> certificates;
  std::vector<Diagnostic> findings;
  std::vector<std::string> plan;  ///< what the operator does next, in order
};

/// A new key and certificate for the controller, from the CA that there is, for the same names or
/// those of the request. Errors: invalid_input for a name or address; others as of roll.
Result<Rotated> renew(const RotationRequest& request, Effects& effects, KeyMaker& key_maker);

/// The issuing CA's certificate once more, for the same key and name, until ten years after the
/// key was made: nothing that it signed gets out of reach. Done before, it writes the overlay
/// again. conflict where that wins nothing, or in the middle of a roll; other errors as of roll.
Result<Rotated> renew_issuing_ca(const RotationRequest& request, Effects& effects,
                                 KeyMaker& key_maker);

/// Errors: conflict (a phase too early, out of order or not confirmed; an overlay that would not be
/// sound or would put amphorae out of reach), denied and not_found for the workspace, io. After an
/// error in the middle the same call goes on.
Result<Rotated> roll(Tier tier, const RotationRequest& request, Effects& effects,
                     KeyMaker& key_maker);

}  // namespace gatehouse::pki
