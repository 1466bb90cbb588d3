// A workspace in one encrypted file, and back. The file's format is in docs/formats/pki.md; its key
// comes from a passphrase of the operator's, which is stored nowhere.
#pragma once

#include <string>

#include "base/moment.h"
#include "base/result.h"
#include "base/secret.h"
#include "effects/effects.h"

namespace gatehouse::pki {

/// A person's passphrase guards the keys here, so it is stretched as OWASP asks for such.
inline constexpr int kBackupIterations = 600'000;
inline constexpr std::size_t kBackupPassphraseLeast = 12;

struct BackupRequest {
  std::string workspace;
  std::string file;
  Moment now{};
};

/// Writes the file, 0600, and a line into the workspace's journal. Errors: invalid_input (a short
/// passphrase, more than 16 MiB), conflict (the file exists), not_found, denied, io.
Result<void> back_up(const BackupRequest& request, const Secret& passphrase, Effects& effects);

/// Makes the workspace anew. Errors: denied where the passphrase does not open the file or one of
/// its bytes was changed; conflict where the workspace is there already; malformed.
Result<void> restore(const BackupRequest& request, const Secret& passphrase, Effects& effects);

}  // namespace gatehouse::pki
