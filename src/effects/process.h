// Running other programs, without a shell. Standard input is the null device unless text is given;
// the environment is a named list, never the caller's whole one.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/moment.h"
#include "base/result.h"

namespace gatehouse {

struct Command {
  std::vector<std::string> argv{};  ///< argv[0] is looked up in the PATH handed to the child
  std::string directory{};          ///< "" for the caller's
  std::string input{};              ///< what standard input holds
  std::map<std::string, std::string> environment{};      ///< on top of the named list
  Milliseconds deadline{60'000};                         ///< then the whole process group is killed
  std::size_t output_bytes_max = std::size_t{64} << 20;  ///< of each stream; more is `malformed`
};

struct ProcessResult {
  int exit_code = 0;  ///< 128 + N after signal N
  std::string out{};
  std::string err{};
  Milliseconds elapsed{0};
};

/// A process that may outlive us, told apart from a later one of the same id by its start time.
struct ChildId {
  int pid = 0;
  std::uint64_t start_ticks = 0;  ///< field 22 of /proc/PID/stat

  bool operator==(const ChildId&) const = default;
};

struct DetachedCommand {
  std::vector<std::string> argv{};
  std::string directory{};
  std::map<std::string, std::string> environment{};
  std::string out_file{};  ///< made 0600; must not exist
  std::string err_file{};
  std::string exit_file{};  ///< made by the child's keeper at its end: exit code and a line feed
  std::string lock_file{};  ///< held by the child as long as it lives
};

struct ChildState {
  bool is_running = false;
  /// Absent where it ended and left no word (killed with its keeper).
  std::optional<int> exit_code{};
};

class ProcessRunner {
 public:
  virtual ~ProcessRunner() = default;
  /// Runs all of them, at most `parallel` at a time, and gives the results in order. An exit code
  /// other than 0 is a value. Errors: not_found (no such program; not_sent), timed_out, malformed
  /// (too much output), io, interrupted; delivery is maybe_applied once the program was started.
  virtual std::vector<Result<ProcessResult>> run(std::span<const Command> commands,
                                                 std::size_t parallel) = 0;
  /// Starts one that outlives us: own session, no pipe to us, no deadline.
  virtual Result<ChildId> start_detached(const DetachedCommand& command) = 0;
  virtual Result<ChildState> state_of(const ChildId& child, const std::string& exit_file) = 0;
};

/// The one command's result.
Result<ProcessResult> run_one(ProcessRunner& processes, Command command);

}  // namespace gatehouse
