#include "tests/simulation/memory_files.h"

#include <fmt/format.h>

#include "base/text.h"

namespace gatehouse::simulation {

namespace {

constexpr unsigned kOthersBits = 077;

std::string parent_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == 0 || slash == std::string::npos ? "/" : path.substr(0, slash);
}

tl::unexpected<Error> absent(const std::string& path) {
  return fail(ErrorKind::not_found, path + ": no such file or directory");
}

// A lock in memory: gone with its holder.
class MemoryLock final : public FileLock {
 public:
  MemoryLock(std::shared_ptr<std::set<std::string>> locks, std::string path)
      : locks_(std::move(locks)), path_(std::move(path)) {}
  ~MemoryLock() override { locks_->erase(path_); }

 private:
  std::shared_ptr<std::set<std::string>> locks_;
  std::string path_;
};

}  // namespace

std::string plain_path(const std::string& path) {
  std::vector<std::string> kept;
  for (const std::string& part : split(path, '/')) {
    if (part.empty() || part == ".") continue;
    if (part != "..") {
      kept.push_back(part);
    } else if (!kept.empty()) {
      kept.pop_back();
    }
  }
  return "/" + join(kept, "/");
}

Result<std::string> MemoryFiles::read(const std::string& path, std::size_t bytes_max) {
  const std::string plain = plain_path(path);
  if (folders_.contains(plain)) {
    return fail(ErrorKind::invalid_input, path + " is no plain file");
  }
  const auto found = files_.find(plain);
  if (found == files_.end()) return absent(path);
  if (found->second.bytes.size() > bytes_max) {
    return fail(ErrorKind::invalid_input, path + " is larger than what is read");
  }
  return found->second.bytes;
}

Result<Secret> MemoryFiles::read_secret(const std::string& path, std::size_t bytes_max) {
  auto bytes = read(path, bytes_max);
  if (!bytes) return fail(bytes.error());
  const unsigned mode = files_.at(plain_path(path)).mode;
  if ((mode & kOthersBits) != 0) {
    return fail(ErrorKind::denied, fmt::format("{} has mode {:04o}, expected 0600", path, mode));
  }
  return Secret::take(*bytes);
}

Result<FileInfo> MemoryFiles::info(const std::string& path) {
  const std::string plain = plain_path(path);
  if (const auto file = files_.find(plain); file != files_.end()) {
    return FileInfo{.kind = FileKind::file,
                    .mode = file->second.mode,
                    .size = file->second.bytes.size(),
                    .is_ours = true};
  }
  const auto folder = folders_.find(plain);
  if (folder == folders_.end()) return absent(path);
  return FileInfo{.kind = FileKind::folder, .mode = folder->second, .size = 0, .is_ours = true};
}

Result<std::vector<std::string>> MemoryFiles::list(const std::string& folder) {
  const std::string plain = plain_path(folder);
  if (!folders_.contains(plain)) return absent(folder);
  const std::string start = plain == "/" ? plain : plain + "/";
  std::set<std::string> names;
  const auto collect = [&](const auto& entries) {
    for (auto at = entries.lower_bound(start); at != entries.end(); ++at) {
      if (!at->first.starts_with(start)) break;
      const std::string rest = at->first.substr(start.size());
      if (!rest.empty()) names.insert(rest.substr(0, rest.find('/')));
    }
  };
  collect(files_);
  collect(folders_);
  return std::vector<std::string>(names.begin(), names.end());
}

Result<void> MemoryFiles::write_atomic(const std::string& path, std::string_view bytes,
                                       unsigned mode) {
  const std::string plain = plain_path(path);
  if (!folders_.contains(parent_of(plain))) return absent(parent_of(plain));
  if (folders_.contains(plain)) return fail(ErrorKind::conflict, path + " is a folder");
  files_[plain] = {std::string(bytes), mode};
  changed();
  return {};
}

Result<void> MemoryFiles::create(const std::string& path, std::string_view bytes, unsigned mode) {
  if (info(path)) return fail(ErrorKind::conflict, path + " exists");
  return write_atomic(path, bytes, mode);
}

Result<void> MemoryFiles::append(const std::string& path, std::string_view bytes, unsigned mode) {
  const auto file = files_.find(plain_path(path));
  if (file == files_.end()) return write_atomic(path, bytes, mode);
  file->second.bytes += bytes;
  changed();
  return {};
}

Result<void> MemoryFiles::make_folder(const std::string& path, unsigned mode) {
  const std::string plain = plain_path(path);
  for (std::string at = plain; !folders_.contains(at); at = parent_of(at)) {
    if (files_.contains(at)) return fail(ErrorKind::conflict, at + " exists and is no folder");
    folders_[at] = mode;
  }
  return {};
}

Result<void> MemoryFiles::remove(const std::string& path) {
  const std::string plain = plain_path(path);
  const auto is_below = [&](const auto& entry) {
    return entry.first == plain || entry.first.starts_with(plain + "/");
  };
  std::erase_if(files_, is_below);
  std::erase_if(folders_, is_below);
  changed();
  return {};
}

Result<void> MemoryFiles::rename(const std::string& from, const std::string& to) {
  const auto file = files_.find(plain_path(from));
  if (file == files_.end()) return absent(from);
  files_[plain_path(to)] = file->second;
  files_.erase(plain_path(from));
  changed();
  return {};
}

Result<std::string> MemoryFiles::canonical(const std::string& path) {
  if (!info(path)) return absent(path);
  return plain_path(path);
}

Result<std::unique_ptr<FileLock>> MemoryFiles::lock(const std::string& path,
                                                    const std::string& holder) {
  const std::string plain = plain_path(path);
  if (!locks_->insert(plain).second) {
    const auto text = read(path, 4096);
    return fail(ErrorKind::conflict,
                fmt::format("{} is held by {}", path, text ? *text : "another"));
  }
  auto lock = std::make_unique<MemoryLock>(locks_, plain);
  if (auto written = write_atomic(path, holder, 0600); !written) return fail(written.error());
  return std::unique_ptr<FileLock>(std::move(lock));
}

void MemoryFiles::copy_from(const MemoryFiles& other) {
  files_ = other.files_;
  folders_ = other.folders_;
}

}  // namespace gatehouse::simulation
