// Is a secret file about to be committed? Asks git, where the file lies in a work tree at all.
#pragma once

#include <optional>
#include <string>

#include "effects/effects.h"
#include "pki/findings.h"

namespace gatehouse::pki {

/// not-ignored, as a warning, where the file is in a git work tree that does not ignore it, or
/// where that cannot be told. The folder of the path must exist.
void check_ignored(Effects& effects, const std::string& path, const Place& place,
                   Findings& findings);

/// Whether the folder, or one above it, is a git work tree. False where that cannot be told.
bool is_in_work_tree(FileStore& files, const std::string& folder);

}  // namespace gatehouse::pki
