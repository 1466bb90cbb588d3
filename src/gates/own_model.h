// Whose a model is. Several users may each have one of the same name.
#pragma once

#include "facts/facts.h"

namespace gatehouse {

/// Juju 4.0 shows no owner. Where owner or user is not known, the name alone decides: better to
/// stop at somebody else's model than to overlook ours.
bool may_be_ours(const JujuModel& model, const JujuController* controller);

}  // namespace gatehouse
