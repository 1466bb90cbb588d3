// What somebody kept of `juju status`: which of the forms in which Juju prints it a text is. Only
// JSON and YAML tell all; a table cuts messages and versions.
#pragma once

#include <string_view>

#include "base/result.h"

namespace gatehouse::juju {

enum class RecordedForm { json, yaml };

/// By its beginning; whether it is read in the end is the decoder's to say. unavailable for what a
/// failed call leaves behind ("{}", "ERROR ..."): it says nothing of the model; invalid_input for a
/// table and for an empty text, with the command that records what is needed.
Result<RecordedForm> recorded_form(std::string_view text);

}  // namespace gatehouse::juju
