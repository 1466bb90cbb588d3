// Asks a person at the controlling terminal for a secret, without showing it.
#pragma once

#include <string_view>

#include "base/result.h"
#include "base/secret.h"

namespace gatehouse::posix {

/// One line, without its end. unavailable where there is no terminal; interrupted where it ends
/// before a line does. The terminal shows what is typed again afterwards.
Result<Secret> ask_secret(std::string_view question);

}  // namespace gatehouse::posix
