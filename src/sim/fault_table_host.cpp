// The faults of the hosts: their disks, and the ways to them.
#include "base/text.h"
#include "sim/faults.h"

namespace gatehouse::sim {
namespace {

using Target = std::optional<std::string>;

/// MAAS knows a disk's size and nothing of what is on it, so only an image can show that it was
/// written to.
const BlankDisk* first_image(const Site& site) {
  for (const BlankDisk& disk : site.blank_disks) {
    if (disk.source == DiskSource::qemu_img && !site.machines.empty()) return &disk;
  }
  return nullptr;
}

constexpr const char* kNoImage = "no disk image that must be blank";

template <Target HostFaults::* Member>
std::string choose_disk(const Site& site, WorldFaults& faults) {
  if (!first_image(site)) return kNoImage;
  faults.host.*Member = site.machines.back().hostname;
  return "";
}

template <Target HostFaults::* Member>
std::string choose_host(const Site& site, WorldFaults& faults) {
  const BlankDisk* disk = first_image(site);
  if (!disk) return kNoImage;
  const std::string host = replace_all(disk->host, "{machine}", site.machines.back().hostname);
  faults.host.*Member = host.substr(host.rfind('@') + 1);
  return "";
}

constexpr FaultKind kWorld = FaultKind::world;

constexpr Fault kHostFaults[] = {
    {"disk-not-blank", kWorld, "one disk holds data", "blank_disks", "fail", 1,
     choose_disk<&HostFaults::written_disk>},
    {"disk-of-other-size", kWorld, "one disk is larger than declared", "blank_disks", "fail", 1,
     choose_disk<&HostFaults::other_size_disk>},
    {"disk-locked", kWorld,
     "a running guest holds the lock of one disk, which is read all the same", "", "pass", 0,
     choose_disk<&HostFaults::locked_disk>},
    {"host-key-changed", kWorld, "a host shows another host key than was known", "blank_disks",
     "unknown", 3, choose_host<&HostFaults::changed_key>},
    {"host-key-unknown", kWorld, "no key of a host is known, and ssh would ask", "blank_disks",
     "unknown", 3, choose_host<&HostFaults::unknown_key>},
    {"host-refuses-login", kWorld, "a host takes none of the operator's keys", "blank_disks",
     "unknown", 3, choose_host<&HostFaults::refuses_login>},
    {"host-asks-password", kWorld, "a host takes no key and would ask for a password",
     "blank_disks", "unknown", 3, choose_host<&HostFaults::asks_password>},
    {"host-unreachable", kWorld, "nothing listens on a host", "blank_disks", "unknown", 3,
     choose_host<&HostFaults::unreachable>},
    {"host-refuses-sudo", kWorld, "sudo on a host wants a password", "blank_disks", "unknown", 3,
     choose_host<&HostFaults::refuses_sudo>},
    {"host-without-qemu-img", kWorld, "a host has no qemu-img", "blank_disks", "unknown", 3,
     choose_host<&HostFaults::without_qemu_img>},
    {"host-slow", kWorld, "a host takes longer to answer than it may", "blank_disks", "unknown", 3,
     choose_host<&HostFaults::slow>},
};

}  // namespace

std::span<const Fault> host_faults() {
  return kHostFaults;
}

}  // namespace gatehouse::sim
