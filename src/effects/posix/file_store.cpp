#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "effects/posix/folder.h"
#include "effects/posix/posix.h"

namespace gatehouse::posix {
namespace {

constexpr mode_t kPermissionBits = 07777;
constexpr mode_t kOthersBits = S_IRWXG | S_IRWXO;
constexpr std::size_t kHolderBytesMax = 4096;

struct OpenFile {
  Descriptor descriptor;
  struct stat status{};
};

/// Never blocks on a pipe that someone put in the file's place.
Result<OpenFile> open_plain_file(const std::string& path, std::size_t bytes_max) {
  OpenFile file;
  file.descriptor = Descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file.descriptor.is_open()) return fail(system_error(errno, "open " + path));
  if (::fstat(file.descriptor.number(), &file.status) != 0) {
    return fail(system_error(errno, "examine " + path));
  }
  if (!S_ISREG(file.status.st_mode)) {
    return fail(ErrorKind::invalid_input, path + " is no plain file");
  }
  if (static_cast<std::uint64_t>(file.status.st_size) > bytes_max) {
    return fail(ErrorKind::invalid_input, fmt::format("{} has {} bytes, and at most {} are read",
                                                      path, file.status.st_size, bytes_max));
  }
  return file;
}

Result<std::string> read_open_file(const OpenFile& file, const std::string& path,
                                   std::size_t bytes_max) {
  std::string bytes;
  const auto expected = static_cast<std::size_t>(file.status.st_size);
  if (!read_all(file.descriptor.number(), expected, bytes_max, bytes)) {
    const int error_number = errno;
    wipe(bytes);
    return fail(system_error(error_number, "read " + path));
  }
  if (bytes.size() > bytes_max) {
    wipe(bytes);
    return fail(ErrorKind::invalid_input,
                fmt::format("{} has more than the {} bytes that are read", path, bytes_max));
  }
  return bytes;
}

/// An advisory lock dies with its holder, so that a crash leaves nothing to clear away.
class AdvisoryLock final : public FileLock {
 public:
  explicit AdvisoryLock(Descriptor file) : file_(std::move(file)) {}
  ~AdvisoryLock() override {
    // The holder's text must not name one who has gone; the lock itself ends with the descriptor.
    if (::ftruncate(file_.number(), 0) != 0) return;
  }
  AdvisoryLock(const AdvisoryLock&) = delete;
  AdvisoryLock& operator=(const AdvisoryLock&) = delete;

 private:
  Descriptor file_;
};

bool is_still_named(const Descriptor& file, const std::string& path) {
  struct stat held{};
  struct stat named{};
  return ::fstat(file.number(), &held) == 0 && ::lstat(path.c_str(), &named) == 0 &&
         held.st_dev == named.st_dev && held.st_ino == named.st_ino;
}

FileKind kind_of(mode_t mode) {
  if (S_ISREG(mode)) return FileKind::file;
  if (S_ISDIR(mode)) return FileKind::folder;
  return S_ISLNK(mode) ? FileKind::symlink : FileKind::other;
}

/// Makes one folder with exactly that mode; one that exists is left as it is.
Result<void> make_one_folder(const std::string& path, unsigned mode) {
  if (::mkdir(path.c_str(), S_IRWXU) != 0) {
    const int error_number = errno;
    struct stat status{};
    if (::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) return {};
    if (error_number == EEXIST) {
      return fail(ErrorKind::conflict, path + " exists and is no folder");
    }
    return fail(system_error(error_number, "make the folder " + path));
  }
  const Descriptor made = open_folder(path);
  if (!made.is_open() || ::fchmod(made.number(), static_cast<mode_t>(mode)) != 0) {
    return fail(system_error(errno, "set the mode of the folder " + path));
  }
  const std::string parent_path = folder_of(path);
  const Descriptor parent = open_folder(parent_path);
  // A parent that may be written but not read cannot be flushed by us.
  return parent.is_open() ? flush_folder(parent, parent_path) : Result<void>{};
}

struct AppendTarget {
  Descriptor file;
  bool is_new = false;
};

AppendTarget open_for_append(const std::string& path, unsigned mode) {
  constexpr int kFlags = O_WRONLY | O_APPEND | O_NOFOLLOW | O_CLOEXEC;
  AppendTarget target;
  target.file = Descriptor(::open(path.c_str(), kFlags | O_CREAT | O_EXCL, S_IRUSR | S_IWUSR));
  target.is_new = target.file.is_open();
  if (target.is_new) {
    if (::fchmod(target.file.number(), static_cast<mode_t>(mode)) != 0) target.file.close();
  } else if (errno == EEXIST) {
    target.file = Descriptor(::open(path.c_str(), kFlags));
  }
  return target;
}

class PosixFileStore final : public FileStore {
 public:
  Result<std::string> read(const std::string& path, std::size_t bytes_max) override {
    Result<OpenFile> file = open_plain_file(path, bytes_max);
    if (!file) return fail(file.error());
    return read_open_file(*file, path, bytes_max);
  }

  Result<Secret> read_secret(const std::string& path, std::size_t bytes_max) override {
    Result<OpenFile> file = open_plain_file(path, bytes_max);
    if (!file) return fail(file.error());
    // Judged by the open descriptor: what is read is what was examined, symlinks included.
    if (file->status.st_uid != ::geteuid()) {
      return fail(ErrorKind::denied, path + " holds a secret and belongs to another user");
    }
    if ((file->status.st_mode & kOthersBits) != 0) {
      return fail(ErrorKind::denied,
                  fmt::format("{} holds a secret and has mode {:04o}, expected 0600", path,
                              file->status.st_mode & kPermissionBits),
                  "chmod 600 " + path);
    }
    Result<std::string> bytes = read_open_file(*file, path, bytes_max);
    if (!bytes) return fail(bytes.error());
    return Secret::take(*bytes);
  }

  Result<FileInfo> info(const std::string& path) override {
    struct stat status{};
    if (::lstat(path.c_str(), &status) != 0) return fail(system_error(errno, "examine " + path));
    return FileInfo{.kind = kind_of(status.st_mode),
                    .mode = static_cast<unsigned>(status.st_mode & kPermissionBits),
                    .size = static_cast<std::uint64_t>(status.st_size),
                    .is_ours = status.st_uid == ::geteuid()};
  }

  Result<std::vector<std::string>> list(const std::string& folder) override {
    DIR* stream = ::opendir(folder.c_str());
    if (stream == nullptr) return fail(system_error(errno, "list " + folder));
    std::vector<std::string> names;
    errno = 0;
    while (const dirent* entry = ::readdir(stream)) {
      const std::string_view name = entry->d_name;
      if (name != "." && name != "..") names.emplace_back(name);
      errno = 0;
    }
    const int error_number = errno;
    ::closedir(stream);
    if (error_number != 0) return fail(system_error(error_number, "list " + folder));
    std::sort(names.begin(), names.end());
    return names;
  }

  Result<void> write_atomic(const std::string& path, std::string_view bytes,
                            unsigned mode) override {
    return write_whole_file(path, bytes, mode, Existing::replace);
  }

  Result<void> create(const std::string& path, std::string_view bytes, unsigned mode) override {
    return write_whole_file(path, bytes, mode, Existing::refuse);
  }

  Result<void> append(const std::string& path, std::string_view bytes, unsigned mode) override {
    const AppendTarget target = open_for_append(path, mode);
    const int file = target.file.number();
    struct stat before{};
    if (!target.file.is_open() || ::fstat(file, &before) != 0) {
      return fail(system_error(errno, "append to " + path));
    }
    if (!write_all(file, bytes) || ::fsync(file) != 0) {
      const int error_number = errno;
      // Half a record is worse than none: whoever reads the file would stumble over it.
      if (::ftruncate(file, before.st_size) != 0) errno = error_number;
      return fail(system_error(error_number, "append to " + path));
    }
    if (!target.is_new) return {};
    const Descriptor folder = open_folder(folder_of(path));
    return folder.is_open() ? flush_folder(folder, folder_of(path)) : Result<void>{};
  }

  Result<void> make_folder(const std::string& path, unsigned mode) override {
    for (std::size_t slash = path.find('/', 1); slash != std::string::npos;
         slash = path.find('/', slash + 1)) {
      if (auto made = make_one_folder(path.substr(0, slash), mode); !made) return made;
    }
    return path.ends_with('/') ? Result<void>{} : make_one_folder(path, mode);
  }

  Result<void> remove(const std::string& path) override {
    std::error_code failure;
    // The library's walk opens folders without following symlinks.
    std::filesystem::remove_all(path, failure);
    if (failure) return fail(system_error(failure.value(), "remove " + path));
    return {};
  }

  Result<void> rename(const std::string& from, const std::string& to) override {
    if (::rename(from.c_str(), to.c_str()) != 0) {
      return fail(system_error(errno, fmt::format("rename {} to {}", from, to)));
    }
    for (const std::string& folder_path : {folder_of(from), folder_of(to)}) {
      const Descriptor folder = open_folder(folder_path);
      if (!folder.is_open()) continue;
      if (auto flushed = flush_folder(folder, folder_path); !flushed) return flushed;
    }
    return {};
  }

  Result<std::string> canonical(const std::string& path) override {
    char* resolved = ::realpath(path.c_str(), nullptr);
    if (resolved == nullptr) return fail(system_error(errno, "resolve " + path));
    std::string text = resolved;
    ::free(resolved);
    return text;
  }

  Result<std::unique_ptr<FileLock>> lock(const std::string& path,
                                         const std::string& holder) override {
    Descriptor file(
        ::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (!file.is_open()) return fail(system_error(errno, "open the lock file " + path));
    if (::flock(file.number(), LOCK_EX | LOCK_NB) != 0) {
      if (errno != EWOULDBLOCK) return fail(system_error(errno, "lock " + path));
      return fail(ErrorKind::conflict, held_by(file, path));
    }
    if (!is_still_named(file, path)) {
      return fail(ErrorKind::conflict, path + " was replaced while it was being locked");
    }
    if (::ftruncate(file.number(), 0) != 0 || !write_all(file.number(), holder)) {
      return fail(system_error(errno, "write the holder into " + path));
    }
    return std::make_unique<AdvisoryLock>(std::move(file));
  }

 private:
  static std::string held_by(const Descriptor& file, const std::string& path) {
    std::string holder;
    if (!read_all(file.number(), 0, kHolderBytesMax, holder) || holder.empty()) {
      return path + " is locked by another process";
    }
    return fmt::format("{} is locked by {}", path, holder);
  }
};

}  // namespace

std::unique_ptr<FileStore> make_file_store() {
  return std::make_unique<PosixFileStore>();
}

}  // namespace gatehouse::posix
