// Puts what was made beside the workspace's files into their place, so that a crash leaves either
// the state before or one that the next run finishes.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "effects/files.h"

namespace gatehouse::pki {

/// One step of a rotation, whole and ready.
struct StagedMove {
  std::vector<std::string> folders;  ///< of WORKSPACE/next/, each to take its namesake's place
  std::string journal_lines;         ///< that are true once they have
};

/// The former folders go to WORKSPACE/retired/NUMBER/, generations in order; no key is ever
/// removed.
Result<void> move_staged(FileStore& files, const std::string& workspace, const StagedMove& move);

/// Ends a move that a crash interrupted; to be called before a workspace is read. Without one
/// nothing is done.
Result<void> finish_moves(FileStore& files, const std::string& workspace);

}  // namespace gatehouse::pki
