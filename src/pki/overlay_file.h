// Reads an overlay with what must be known of its file.
#pragma once

#include <string>

#include "base/result.h"
#include "diag/diagnostic.h"
#include "diag/source.h"
#include "effects/files.h"

namespace gatehouse::pki {

struct OverlayFile {
  Source source;
  FileInfo info;
};

/// Follows a symlink; the mode is that of the file itself.
Result<OverlayFile> read_overlay_file(FileStore& files, const std::string& path);

/// The finding for an overlay that cannot be read.
Diagnostic not_readable(const Error& error);

}  // namespace gatehouse::pki
