// How the files of a workspace lie on disk: for their owner alone.
#pragma once

namespace gatehouse::pki {

inline constexpr unsigned kFolderMode = 0700;
inline constexpr unsigned kSecretMode = 0600;
/// The bits of a mode that let others at a file.
inline constexpr unsigned kForOthers = 077;

}  // namespace gatehouse::pki
