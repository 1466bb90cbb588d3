// The input faults of what the site declares of its plan: channels, options, places, relations.
// Each changes the copy of the bundle, at the first thing that the site file declares.
#pragma once

#include "sim/input_copies.h"

namespace gatehouse::sim {

/// One charm comes from edge, whatever the site's matrix says.
Result<void> other_channel(InputCopies& copies);
Result<void> other_option(InputCopies& copies);
/// A unit goes to a machine that the site does not give to its application.
Result<void> other_machine(InputCopies& copies);
Result<void> drop_required_relation(InputCopies& copies);
/// An application that the site forbids, without units.
Result<void> add_forbidden_application(InputCopies& copies);
/// A copy of one application's charm and channel without units, so that only the count is off.
Result<void> one_application_more(InputCopies& copies);

}  // namespace gatehouse::sim
