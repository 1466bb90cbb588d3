// A tar archive in memory, so that a run can be handed on as one file. The format is that of POSIX
// pax(1), "ustar" (IEEE Std 1003.1-2017): docs/adr/0014-one-archive-without-a-library.md.
#pragma once

#include <string>
#include <vector>

#include "base/moment.h"
#include "base/result.h"

namespace gatehouse {

struct ArchiveEntry {
  std::string path;  ///< relative, plain ASCII, at most 100 bytes
  std::string bytes;
};

/// Whether the format can hold a file of that path, within the folder it is unpacked into.
bool is_archive_path(const std::string& path);

/// Plain files of mode 0644 and one time, owned by nobody in particular: the same entries give the
/// same bytes. invalid_input for a path that would lie outside, or that the format cannot hold.
Result<std::string> write_archive(const std::vector<ArchiveEntry>& entries, Moment time);

}  // namespace gatehouse
