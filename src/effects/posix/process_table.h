// What /proc says about one process.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace gatehouse::posix {

struct ProcessEntry {
  char state = '?';  ///< 'Z' has ended and waits to be collected
  int parent = 0;
  std::uint64_t start_ticks = 0;  ///< since boot; tells apart two processes of one number
};

/// Reads /proc/PID/stat; nothing where there is no such process.
std::optional<ProcessEntry> process_entry(int pid);

/// The text of such a file (proc(5), fields 3, 4 and 22), whose second field may hold any byte.
std::optional<ProcessEntry> parse_process_entry(std::string_view text);

}  // namespace gatehouse::posix
