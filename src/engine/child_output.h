// What a child that outlives us says, read from its files as it grows. Complete lines only, until
// its end. Start at `next_lines`.
#pragma once

#include <string>
#include <vector>

#include "effects/files.h"

namespace gatehouse {

class ChildOutput {
 public:
  ChildOutput(FileStore& files, std::string path) : files_(files), path_(std::move(path)) {}

  /// The lines that came since the last call, printable. A file that is not there has none.
  std::vector<std::string> next_lines();
  /// At its end: also the last line, if it lacks its line feed.
  std::vector<std::string> last_lines();

 private:
  std::string_view unread(std::string& text);

  FileStore& files_;
  std::string path_;
  std::uint64_t offset_ = 0;
};

}  // namespace gatehouse
