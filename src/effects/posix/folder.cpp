#include "effects/posix/folder.h"

#include <array>
#include <cerrno>
#include <cstdio>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gatehouse::posix {
namespace {

std::string_view without_final_slashes(std::string_view path) {
  while (path.size() > 1 && path.back() == '/') path.remove_suffix(1);
  return path;
}

/// A name that no other writer takes; hidden, and told apart from the file itself by its end.
std::string temporary_name(const std::string& name) {
  std::array<unsigned char, 8> random{};
  if (::getrandom(random.data(), random.size(), 0) != static_cast<ssize_t>(random.size())) {
    return {};
  }
  std::string text = fmt::format(".{}.", name.substr(0, 200));
  for (const unsigned char byte : random) text += fmt::format("{:02x}", byte);
  return text + ".tmp";
}

/// Without a name where the file system can: what is killed then leaves nothing behind.
Descriptor open_unnamed(const Descriptor& folder) {
  // By this way it gets its name.
  if (::access("/proc/self/fd", X_OK) != 0) return {};
  return Descriptor(
      ::openat(folder.number(), ".", O_WRONLY | O_TMPFILE | O_CLOEXEC, S_IRUSR | S_IWUSR));
}

Descriptor open_named(const Descriptor& folder, const std::string& name) {
  return Descriptor(::openat(folder.number(), name.c_str(),
                             O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                             S_IRUSR | S_IWUSR));
}

/// A file that is removed again unless it was given its final name.
class TemporaryFile {
 public:
  TemporaryFile(const Descriptor& folder, std::string name)
      : folder_(folder), name_(std::move(name)), file_(open_unnamed(folder)) {
    if (file_.is_open()) return;
    file_ = open_named(folder, name_);
    has_name_ = file_.is_open();
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (has_name_) ::unlinkat(folder_.number(), name_.c_str(), 0);
  }

  bool is_open() const { return file_.is_open(); }

  bool fill(std::string_view bytes, unsigned mode) {
    return ::fchmod(file_.number(), static_cast<mode_t>(mode)) == 0 &&
           write_all(file_.number(), bytes) && ::fsync(file_.number()) == 0;
  }

  bool become(const std::string& name, Existing existing) {
    // A link fails where the name is taken, which a rename does not; a temporary name goes after.
    if (existing == Existing::refuse) return link(name);
    if (!has_name_ && link(name)) return true;
    if (!has_name_ && errno == EEXIST) has_name_ = link(name_);
    if (!has_name_ ||
        ::renameat(folder_.number(), name_.c_str(), folder_.number(), name.c_str()) != 0) {
      return false;
    }
    has_name_ = false;
    return true;
  }

 private:
  bool link(const std::string& name) {
    const int to = folder_.number();
    if (has_name_) return ::linkat(to, name_.c_str(), to, name.c_str(), 0) == 0;
    const std::string itself = fmt::format("/proc/self/fd/{}", file_.number());
    return ::linkat(AT_FDCWD, itself.c_str(), to, name.c_str(), AT_SYMLINK_FOLLOW) == 0;
  }

  const Descriptor& folder_;
  std::string name_;
  Descriptor file_;
  bool has_name_ = false;
};

}  // namespace

std::string folder_of(std::string_view path) {
  path = without_final_slashes(path);
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return ".";
  return std::string(slash == 0 ? "/" : without_final_slashes(path.substr(0, slash)));
}

std::string name_of(std::string_view path) {
  path = without_final_slashes(path);
  return std::string(path.substr(path.rfind('/') + 1));
}

Descriptor open_folder(const std::string& path) {
  return Descriptor(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

Result<void> flush_folder(const Descriptor& folder, const std::string& path) {
  // Some network file systems cannot flush a folder and say so by EINVAL; there is nothing to do.
  if (::fsync(folder.number()) != 0 && errno != EINVAL) {
    return fail(system_error(errno, "flush the folder " + path));
  }
  return {};
}

Result<void> write_whole_file(const std::string& path, std::string_view bytes, unsigned mode,
                              Existing existing) {
  const std::string action = "write " + path;
  const std::string folder_path = folder_of(path);
  const Descriptor folder = open_folder(folder_path);
  if (!folder.is_open()) return fail(system_error(errno, "open the folder " + folder_path));
  {
    TemporaryFile file(folder, temporary_name(name_of(path)));
    if (!file.is_open() || !file.fill(bytes, mode)) return fail(system_error(errno, action));
    if (!file.become(name_of(path), existing)) {
      if (errno == EEXIST) return fail(ErrorKind::conflict, path + " exists already");
      return fail(system_error(errno, action));
    }
  }
  return flush_folder(folder, folder_path);
}

}  // namespace gatehouse::posix
