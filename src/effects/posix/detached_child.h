// Children that outlive us. Each has a keeper: a fork of ours that waits for it and writes its exit
// code, so that whoever comes after us can read it, though we were killed.
#pragma once

#include <string>
#include <vector>

#include <sys/types.h>

#include "effects/process.h"

namespace gatehouse::posix {

class Keepers {
 public:
  Keepers() = default;
  Keepers(const Keepers&) = delete;
  Keepers& operator=(const Keepers&) = delete;
  /// Leaves the living ones at work; they become the system's own children when we end.
  ~Keepers() { reap(); }

  /// conflict where an output file exists or the lock is held; not_found without such a program.
  /// Nothing is left behind on failure.
  Result<ChildId> start(const DetachedCommand& command);
  Result<ChildState> state_of(const ChildId& child, const std::string& exit_file);

 private:
  void reap();
  std::vector<pid_t> keepers_;
};

}  // namespace gatehouse::posix
