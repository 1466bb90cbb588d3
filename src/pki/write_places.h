// Where a workspace and an overlay may be written: asked before the first secret is made.
#pragma once

#include <string>

#include "base/result.h"
#include "effects/effects.h"

namespace gatehouse::pki {

/// Whether keys may lie in a git work tree: only the throw-away ones of a rehearsal.
enum class WorkTree { refused, allowed };

/// denied for a workspace in a git work tree: a key that was committed once is in every clone of
/// the repository for ever.
Result<void> check_workspace_place(FileStore& files, const std::string& workspace);

/// denied for an overlay in a work tree that does not ignore it.
Result<void> check_overlay_place(Effects& effects, const std::string& overlay);

/// Whether something lies there; conflict where it is no plain file, which is not written through.
Result<bool> examine_overlay(FileStore& files, const std::string& overlay);

}  // namespace gatehouse::pki
