// A disk in memory, so that a whole run happens without touching this machine's. Paths are absolute
// and taken as text; there are no symlinks. It keeps what FileStore promises, save that nothing
// needs flushing.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>

#include "effects/files.h"

namespace gatehouse::simulation {

class MemoryFiles final : public FileStore {
 public:
  struct File {
    std::string bytes;
    unsigned mode = 0600;
  };

  Result<std::string> read(const std::string& path, std::size_t bytes_max) override;
  Result<Secret> read_secret(const std::string& path, std::size_t bytes_max) override;
  Result<FileInfo> info(const std::string& path) override;
  Result<std::vector<std::string>> list(const std::string& folder) override;
  Result<void> write_atomic(const std::string& path, std::string_view bytes,
                            unsigned mode) override;
  Result<void> create(const std::string& path, std::string_view bytes, unsigned mode) override;
  Result<void> append(const std::string& path, std::string_view bytes, unsigned mode) override;
  Result<void> make_folder(const std::string& path, unsigned mode) override;
  Result<void> remove(const std::string& path) override;
  Result<void> rename(const std::string& from, const std::string& to) override;
  Result<std::string> canonical(const std::string& path) override;
  Result<std::unique_ptr<FileLock>> lock(const std::string& path,
                                         const std::string& holder) override;

  /// Every file by its path.
  const std::map<std::string, File>& all() const { return files_; }
  /// Called after every change.
  void when_changed(std::function<void()> call) { when_changed_ = std::move(call); }
  /// The files and folders of another disk; locks stay with their holders.
  void copy_from(const MemoryFiles& other);

 private:
  void changed() {
    if (when_changed_) when_changed_();
  }

  std::function<void()> when_changed_;
  std::map<std::string, File> files_;
  std::map<std::string, unsigned> folders_{{"/", 0755}};
  std::shared_ptr<std::set<std::string>> locks_ = std::make_shared<std::set<std::string>>();
};

/// Without doubled slashes, "." and "..".
std::string plain_path(const std::string& path);

}  // namespace gatehouse::simulation
