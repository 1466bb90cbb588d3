// Files and folders. A mode is set at creation, never afterwards; a replaced file is replaced whole.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/secret.h"

namespace gatehouse {

enum class FileKind { file, folder, symlink, other };

struct FileInfo {
  FileKind kind = FileKind::file;
  unsigned mode = 0;  ///< permission bits
  std::uint64_t size = 0;
  bool is_ours = false;  ///< owned by the effective user
};

/// Held until destroyed, or until the process dies.
class FileLock {
 public:
  virtual ~FileLock() = default;
};

class FileStore {
 public:
  virtual ~FileStore() = default;
  /// not_found, denied, or invalid_input where it is larger than `bytes_max` or no plain file.
  virtual Result<std::string> read(const std::string& path, std::size_t bytes_max) = 0;
  /// As read; denied unless the file is ours and closed to group and others.
  virtual Result<Secret> read_secret(const std::string& path, std::size_t bytes_max) = 0;
  /// Does not follow a symlink in the last part; not_found where there is nothing.
  virtual Result<FileInfo> info(const std::string& path) = 0;
  /// Names in byte order, without "." and "..".
  virtual Result<std::vector<std::string>> list(const std::string& folder) = 0;
  /// Temporary sibling of that mode, flush, rename, flush folder.
  virtual Result<void> write_atomic(const std::string& path, std::string_view bytes,
                                    unsigned mode) = 0;
  /// Makes the file of that mode where there is none; conflict where there is one.
  virtual Result<void> create(const std::string& path, std::string_view bytes, unsigned mode) = 0;
  virtual Result<void> append(const std::string& path, std::string_view bytes, unsigned mode) = 0;
  /// Makes the folder and its parents; an existing one is left as it is.
  virtual Result<void> make_folder(const std::string& path, unsigned mode) = 0;
  /// A folder with all it holds, or a file; nothing there is no error.
  virtual Result<void> remove(const std::string& path) = 0;
  virtual Result<void> rename(const std::string& from, const std::string& to) = 0;
  /// Without symlinks and dots; the path must exist.
  virtual Result<std::string> canonical(const std::string& path) = 0;
  /// conflict where another process holds it; `holder` is written into the file for others to read.
  virtual Result<std::unique_ptr<FileLock>> lock(const std::string& path,
                                                 const std::string& holder) = 0;
};

}  // namespace gatehouse
