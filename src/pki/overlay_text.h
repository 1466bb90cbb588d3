// Writes the overlay: five options in the order of the runbook, in double quotes, ASCII, line
// feeds.
#pragma once

#include <string>

#include "base/secret.h"
#include "pki/workspace.h"

namespace gatehouse::pki {

/// The same chain gives the same bytes.
Secret overlay_text(const Chain& chain, const std::string& application);
/// The same options as `juju config APPLICATION --file` reads them.
Secret config_text(const Chain& chain, const std::string& application);

}  // namespace gatehouse::pki
