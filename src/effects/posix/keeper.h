// What runs between fork and the keeper's end. Only async-signal-safe calls: our process may have
// had threads, and the fork has one of them and every lock as it was.
#pragma once

#include "effects/posix/child_environment.h"

namespace gatehouse::posix {

/// Everything the keeper needs, made before the fork, since nothing may be allocated after it.
struct KeeperPlan {
  const ExecutionImage& image;
  int input = -1;
  int output = -1;
  int errors = -1;
  int lock = -1;
  int report = -1;  ///< pipe to us; closes when the program runs
  const char* exit_file = nullptr;
  const char* exit_file_temporary = nullptr;
  const char* exit_folder = nullptr;
};

/// What the keeper says over the pipe, first and only once.
struct KeeperReport {
  int pid = 0;
  int error_number = 0;  ///< the keeper could not start a process
  int stat_bytes = 0;
  char stat[512] = {};  ///< the beginning of /proc/PID/stat while the process surely exists
};

/// Becomes the keeper; never returns. After the report, the program sends four more bytes, an
/// errno, where it could not be executed.
[[noreturn]] void become_keeper(const KeeperPlan& plan);

}  // namespace gatehouse::posix
