// The question how large a disk image is and how much of it is allocated, for a host's `qemu-img`:
// as argument vector here, as one remote command for all disks of a host, and the reading of both.
// Source: qemu-img 6.2 to 8.2, `info --output=json`; -U reads past the lock of a running machine.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "effects/process.h"
#include "facts/questions.h"

namespace gatehouse::ssh {

/// sudo never prompts (-n).
std::vector<std::string> disk_argv(const DiskQuestion& disk);

/// A POSIX shell command that prints for each disk, in order, a marker, what qemu-img says and its
/// exit code. Ends 0 whatever qemu-img does.
std::string disk_script(std::span<const DiskQuestion* const> disks);

struct DiskSize {
  std::uint64_t virtual_size = 0;  ///< bytes
  std::uint64_t allocated = 0;     ///< bytes
};

/// `out` and `err` of one qemu-img. denied where sudo or the file's mode refuses, not_found without
/// qemu-img or without the image, malformed else.
Result<DiskSize> read_disk(const ProcessResult& result, const DiskQuestion& disk);

/// What disk_script printed, one result for each disk asked for; malformed for those it did not
/// come to.
std::vector<Result<DiskSize>> read_disk_script(std::string_view out,
                                               std::span<const DiskQuestion* const> disks);

}  // namespace gatehouse::ssh
