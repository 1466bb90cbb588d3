#include "effects/posix/descriptor.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fmt/format.h>
#include <unistd.h>

namespace gatehouse::posix {
namespace {

constexpr std::size_t kReadBytes = std::size_t{64} << 10;

ErrorKind kind_of(int error_number) {
  switch (error_number) {
    case ENOENT:
    case ENOTDIR:
      return ErrorKind::not_found;
    case EACCES:
    case EPERM:
    case EROFS:
      return ErrorKind::denied;
    case EEXIST:
    case ENOTEMPTY:
    case EWOULDBLOCK:
      return ErrorKind::conflict;
    case ELOOP:
    case ENAMETOOLONG:
    case EISDIR:
    case EINVAL:
      return ErrorKind::invalid_input;
    default:
      return ErrorKind::io;
  }
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    close();
    number_ = std::exchange(other.number_, -1);
  }
  return *this;
}

void Descriptor::close() {
  // Linux frees the number even where close is interrupted; repeating it could close another's.
  if (number_ >= 0) ::close(std::exchange(number_, -1));
}

bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
    if (count < 0) {
      if (errno == EINTR) continue;
      return false;
    }
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

bool read_all(int descriptor, std::size_t bytes_expected, std::size_t bytes_max,
              std::string& bytes) {
  bytes.clear();
  // One byte beyond what is expected, so that the end is seen without growing.
  bytes.reserve(std::min(bytes_expected, bytes_max) + kReadBytes + 1);
  while (bytes.size() <= bytes_max) {
    const std::size_t before = bytes.size();
    const std::size_t room = std::min(kReadBytes, bytes_max + 1 - before);
    bytes.resize(before + room);
    const ssize_t count = ::read(descriptor, bytes.data() + before, room);
    const int error_number = errno;
    bytes.resize(before + static_cast<std::size_t>(count > 0 ? count : 0));
    if (count == 0) return true;
    if (count < 0 && error_number != EINTR) {
      errno = error_number;
      return false;
    }
  }
  return true;
}

Error system_error(int error_number, std::string_view action) {
  const char* reason = strerrordesc_np(error_number);
  Error error;
  error.kind = kind_of(error_number);
  error.message =
      fmt::format("cannot {}: {}", action, reason != nullptr ? reason : "unknown error");
  if (error_number == ENOSPC || error_number == EDQUOT) {
    error.help = "free space on that disk, then repeat";
  }
  return error;
}

}  // namespace gatehouse::posix
