// Characters that do not belong into an overlay: outside ASCII, control characters, carriage
// returns.
#pragma once

#include "diag/source.h"
#include "pki/findings.h"

namespace gatehouse::pki {

struct OverlayDocument;

/// Looks at the text of the file and at the five values, since an escape can hide a character.
void check_characters(const Source& source, const OverlayDocument& document, Findings& findings);

}  // namespace gatehouse::pki
