// One writer at a time at a site: the lock of its state folder, and who holds it.
#pragma once

#include <memory>
#include <string>

#include "cli/context.h"

namespace gatehouse::cli {

/// Makes the folder (0700) where there is none. conflict where another process holds the lock: the
/// message says who, what, since when and from where. A holder that dies frees it.
Result<std::unique_ptr<FileLock>> lock_state(const std::string& state, const std::string& command,
                                             Context& context);

/// True once the process that held it is gone; taken and given back at once.
bool is_lock_free(const std::string& state, Context& context);

}  // namespace gatehouse::cli
