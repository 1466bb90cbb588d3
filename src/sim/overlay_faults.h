// The input faults of the secret overlay. No option's name is known here: which one is the
// passphrase is told by what the values hold.
#pragma once

#include "sim/input_copies.h"

namespace gatehouse::sim {

Result<void> remove_overlay(InputCopies& copies);
Result<void> drop_overlay_option(InputCopies& copies);
/// To the first application of the bundle that is not the declared one.
Result<void> move_overlay_options(InputCopies& copies);
Result<void> spoil_passphrase(InputCopies& copies);
/// As the seed's key count was fooled: all names but one with empty values, the last in a comment,
/// under another application.
Result<void> write_five_key_lines(InputCopies& copies);
/// Changes nothing: the fault lies in when the certificates are made.
Result<void> require_pki(InputCopies& copies);

}  // namespace gatehouse::sim
