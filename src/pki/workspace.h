// The folder that keeps the CA keys: where each file lies, whether it may be used, what it holds.
// The names are those of the runbook (Step 1.0-GEN), so that a workspace made by hand can be read
// too.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "base/secret.h"
#include "effects/files.h"
#include "pki/verify.h"

namespace gatehouse::pki {

struct WorkspacePaths {
  explicit WorkspacePaths(const std::string& root);

  std::string root;
  std::string issuing_folder, controller_ca_folder, controller_folder;
  std::string issuing_certificate, issuing_key, issuing_passphrase;
  std::string controller_ca_certificate, controller_ca_key, controller_ca_passphrase;
  std::string controller_certificate, controller_key;
  /// The second certificate of an overlap, while a CA is being rolled; absent otherwise.
  std::string issuing_trusted, controller_ca_trusted;
  std::string journal;  ///< what was made, a JSON object a line, never a secret

  /// All of them but the journal and what only a rotation makes.
  std::vector<std::string> files() const;
};

enum class WorkspaceState {
  absent,   ///< no folder, or none of the files
  partial,  ///< some of the files: an earlier run ended in the middle
  whole,
};

/// denied where the folder is a symlink, belongs to another user, or is open to group or others.
Result<WorkspaceState> examine_workspace(FileStore& files, const WorkspacePaths& paths);

/// Everything that goes into an overlay, as PEM, and what stays out of it.
struct Chain {
  std::string issuing_certificate;
  std::string issuing_trusted;  ///< in an overlap the other CA, else ""
  Secret issuing_key;
  Secret issuing_passphrase;
  std::string controller_ca_certificate;
  std::string controller_ca_trusted;  ///< likewise
  Secret controller_ca_key;
  Secret controller_ca_passphrase;
  std::string controller_certificate;
  Secret controller_key;
};

/// Passphrases without the line end that an editor may have added.
Result<Chain> read_workspace(FileStore& files, const WorkspacePaths& paths);

/// Makes the folders and files, each with its mode from creation, and never overwrites one. On
/// failure what was written is removed again.
Result<void> write_workspace(FileStore& files, const WorkspacePaths& paths, const Chain& chain,
                             const std::string& journal);

/// For verify --workspace.
Result<WorkspaceMaterial> workspace_material(FileStore& files, const std::string& root);

}  // namespace gatehouse::pki
