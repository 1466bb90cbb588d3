// The questions how large a disk image is, how much of its host it takes, and how much of it holds
// data, for a host's `qemu-img`: as argument vectors here, as one remote command for all disks of a
// host, and the reading of both. Source: qemu-img 6.2 to 8.2, `info` and `map` with --output=json;
// --force-share reads past the lock of a running machine.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "effects/process.h"
#include "facts/questions.h"

namespace gatehouse::ssh {

enum class DiskCommand { info, map };

/// sudo never prompts (-n).
std::vector<std::string> disk_argv(const DiskQuestion& disk, DiskCommand command);

/// A POSIX shell command that prints for each disk, in order, what both commands say, each between
/// a marker and its exit code. Ends 0 whatever qemu-img does. A map is cut at 1 MiB: one so long
/// belongs to a disk that is not blank.
std::string disk_script(std::span<const DiskQuestion* const> disks);

struct DiskState {
  std::uint64_t virtual_size = 0;  ///< bytes
  std::uint64_t allocated = 0;     ///< bytes
  std::uint64_t data = 0;          ///< bytes
  bool is_data_at_least = false;   ///< the map was cut
};

/// The answers of the two commands for one disk. denied where sudo or the file's mode refuses,
/// not_found without qemu-img or without the image, malformed else.
Result<DiskState> read_disk(const ProcessResult& info, const ProcessResult& map,
                            const DiskQuestion& disk);

/// What disk_script printed, one result for each disk asked for; malformed for those it did not
/// come to.
std::vector<Result<DiskState>> read_disk_script(const ProcessResult& result,
                                                std::span<const DiskQuestion* const> disks);

}  // namespace gatehouse::ssh
