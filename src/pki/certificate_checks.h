// Rules that hold for each of the certificates, and for each by itself.
#pragma once

#include "base/moment.h"
#include "pki/findings.h"
#include "pki/material.h"

namespace gatehouse::pki {

/// Reports version, key-algorithm, signature-weak, signature-unexpected, expired, not-yet-valid,
/// expires-soon, validity-too-long, validity-reversed, serial, unknown-critical, der-invalid.
void check_certificates(const Material& material, Moment at, Findings& findings);

}  // namespace gatehouse::pki
