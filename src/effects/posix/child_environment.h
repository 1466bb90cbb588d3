// What a child is given to know: a named list out of our own environment, and where its program is.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"

namespace gatehouse::posix {

/// The named variables that are set here, LANG=C.UTF-8, and `additions` over both.
std::map<std::string, std::string> child_environment(
    const std::map<std::string, std::string>& additions);

/// A program ready to be executed; owns the texts that the pointers name.
class ExecutionImage {
 public:
  /// Looks argv[0] up in the child's PATH, as execvp does; one with a slash is taken as it is, from
  /// the child's folder. not_found, denied (found, but not executable), invalid_input (no argv).
  static Result<ExecutionImage> prepare(const std::vector<std::string>& argv,
                                        const std::string& directory,
                                        const std::map<std::string, std::string>& additions);
  // A copy would point into the original.
  ExecutionImage(ExecutionImage&&) = default;
  ExecutionImage& operator=(ExecutionImage&&) = default;
  ExecutionImage(const ExecutionImage&) = delete;
  ExecutionImage& operator=(const ExecutionImage&) = delete;

  const char* program() const { return program_.c_str(); }
  /// nullptr where the child stays in the caller's folder.
  const char* directory() const { return directory_.empty() ? nullptr : directory_.c_str(); }
  char* const* arguments() const { return argument_pointers_.data(); }
  char* const* environment() const { return environment_pointers_.data(); }

 private:
  ExecutionImage() = default;

  std::string program_;
  std::string directory_;
  std::vector<std::string> arguments_;
  std::vector<std::string> environment_;
  std::vector<char*> argument_pointers_;
  std::vector<char*> environment_pointers_;
};

}  // namespace gatehouse::posix
