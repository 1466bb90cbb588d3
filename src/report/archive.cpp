#include "report/archive.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"

namespace gatehouse {

namespace {

constexpr std::size_t kBlock = 512;
constexpr std::size_t kPathBytesMax = 100;
// Where the fields of a header stand, and how long they are: the standard's table.
constexpr std::size_t kMode = 100, kOwner = 108, kGroup = 116, kSize = 124, kTime = 136;
constexpr std::size_t kSum = 148, kType = 156, kMagic = 257;

void put(std::string& header, std::size_t at, const std::string& text) {
  header.replace(at, text.size(), text);
}

std::string header_of(const ArchiveEntry& entry, Moment time) {
  std::string header(kBlock, '\0');
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch());
  put(header, 0, entry.path);
  put(header, kMode, "0000644");
  put(header, kOwner, "0000000");
  put(header, kGroup, "0000000");
  put(header, kSize, fmt::format("{:011o}", entry.bytes.size()));
  put(header, kTime, fmt::format("{:011o}", std::max<std::int64_t>(0, seconds.count())));
  put(header, kSum, std::string(8, ' '));
  header[kType] = '0';
  put(header, kMagic, std::string("ustar\00000", 8));
  unsigned sum = 0;
  for (const char byte : header) sum += static_cast<unsigned char>(byte);
  put(header, kSum, fmt::format("{:06o}", sum) + std::string("\0 ", 2));
  return header;
}

}  // namespace

bool is_archive_path(const std::string& path) {
  if (path.empty() || path.size() > kPathBytesMax || path.front() == '/') return false;
  for (const std::string& part : split(path, '/')) {
    if (part.empty() || part == "." || part == "..") return false;
  }
  return std::all_of(path.begin(), path.end(), [](char c) { return c >= ' ' && c < '\x7f'; });
}

Result<std::string> write_archive(const std::vector<ArchiveEntry>& entries, Moment time) {
  std::string archive;
  for (const ArchiveEntry& entry : entries) {
    if (!is_archive_path(entry.path)) {
      return fail(ErrorKind::invalid_input, "no path for an archive: " + printable(entry.path));
    }
    archive += header_of(entry, time);
    archive += entry.bytes;
    archive.resize((archive.size() + kBlock - 1) / kBlock * kBlock, '\0');
  }
  archive.append(2 * kBlock, '\0');
  return archive;
}

}  // namespace gatehouse
