// The faults of the hosts: their disks, and the ways to them.
#include "sim/faults.h"

namespace gatehouse::sim {
namespace {

/// MAAS knows a disk's size and nothing of what is on it, so only an image can show that it was
/// written to.
std::string choose_disk(const Site& site, WorldFaults& faults) {
  for (const BlankDisk& disk : site.blank_disks) {
    if (disk.source != DiskSource::qemu_img || site.machines.empty()) continue;
    faults.host.written_disk_host = site.machines.back().hostname;
    return "";
  }
  return "no disk image that must be blank";
}

constexpr Fault kFaults[] = {
    {"disk-not-blank", FaultKind::world, "one disk holds data", "blank_disks", "fail", 1,
     choose_disk},
};

}  // namespace

std::span<const Fault> host_faults() {
  return kFaults;
}

}  // namespace gatehouse::sim
