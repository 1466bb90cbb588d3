// Asks a person at the controlling terminal for a secret, without showing it.
#pragma once

#include <string_view>

#include "base/result.h"
#include "base/secret.h"
#include "effects/clock.h"

namespace gatehouse::posix {

/// One line, without its end. unavailable where there is no terminal, or where it ends before a
/// line does; interrupted where the operator stops us. The terminal shows what is typed again
/// afterwards.
Result<Secret> ask_secret(std::string_view question, Clock& clock);

}  // namespace gatehouse::posix
