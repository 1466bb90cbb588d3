// What the operator has to do next about a certificate, and when.
#pragma once

#include <string>

#include "base/moment.h"
#include "facts/facts.h"

namespace gatehouse::pki {

/// "renew from 2028-08-24", "renew now: 12 days left", "expired 2028-11-22: renew at once".
std::string next_action(const CertificateFacts& facts, Moment now);

}  // namespace gatehouse::pki
