// The fact source for FactKey::pki: reads the secret overlay that the site declares and judges it.
#pragma once

#include "facts/questions.h"

namespace gatehouse {

/// An overlay that does not exist is an answer, with the finding not-readable; one that cannot be
/// read for another reason is an error. Places stand at the beginning of each message, since the
/// overlay's text is not kept.
extern const FactSource pki_source;

}  // namespace gatehouse
