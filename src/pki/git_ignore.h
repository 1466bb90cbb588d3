// Would git take a file? Asked before a secret is written, and of an overlay that is judged.
#pragma once

#include <string>

#include "effects/effects.h"
#include "pki/findings.h"

namespace gatehouse::pki {

/// The path need not exist; its nearest folder that does is looked at.
bool is_in_work_tree(FileStore& files, const std::string& path);

enum class Ignored {
  outside,  ///< in no work tree
  yes,
  no,
  unknown,  ///< git is not there, or does not say
};

Ignored ask_ignored(Effects& effects, const std::string& path);

/// Reports not-ignored for a file in a git work tree that does not ignore it, or where git cannot
/// tell.
void check_ignored(Effects& effects, const std::string& path, const Place& place,
                   Findings& findings);

}  // namespace gatehouse::pki
