// Where the tests of the clients find recorded answers: our own below tests/fixtures, and those of
// other people beside the project, which are never committed.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace gatehouse::recordings {

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  EXPECT_TRUE(stream.good()) << path;
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

inline std::filesystem::path fixtures() {
  return std::filesystem::path(GATEHOUSE_SOURCE_DIR) / "tests" / "fixtures";
}

/// A folder of the material beside the project. Absent is a failure where CI is set; else it is
/// said, and the caller has nothing to do.
inline std::optional<std::filesystem::path> shared(const std::string& folder) {
  const std::filesystem::path path =
      std::filesystem::path(GATEHOUSE_SOURCE_DIR) / ".." / "shared" / folder;
  if (std::filesystem::is_directory(path)) return path;
  if (std::getenv("CI") != nullptr) ADD_FAILURE() << path << " is absent";
  std::cout << path << " is absent: nothing compared\n";
  return std::nullopt;
}

/// The files of a folder with that ending, sorted.
inline std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder,
                                                   const std::string& extension) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == extension) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace gatehouse::recordings
