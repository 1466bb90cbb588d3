// The hosts of a lab as real things: one real sshd on loopback for all of them, run as the current
// user with keys of its own, and real qcow2 images that the real qemu-img makes and reads. A client
// comes to them by the lab's ssh configuration and by the same site file. On the far side, `sudo`
// and `qemu-img` only put the host's root before the path. Where nothing can listen or no image can
// be made, since this machine lacks a program, the lab's ssh says so in place of every host.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "effects/effects.h"
#include "sim/lab_state.h"

namespace gatehouse::sim {

struct LabImage {
  std::string path;     ///< as the site file names it
  std::string machine;  ///< whose disk it is
  std::uint64_t size = 0;
  bool needs_root = false;
};

struct LabHost {
  std::string name;  ///< as ssh is given it, without a user
  bool is_machine = false;
  std::vector<LabImage> images;
};

/// Every machine of the site, and every host of its disk images; by name.
std::vector<LabHost> hosts_of(const LabWorld& world);

/// In bytes: the declared one, save where a fault makes it another.
std::uint64_t size_of_image(const LabWorld& world, const LabImage& image);

struct HostTools {
  std::string program;  ///< absolute path of gatehouse-lab
  std::string path;     ///< in which ssh, sshd and qemu-img are looked for, as a PATH
};

/// "" where they are there, else what this machine lacks and how to install it: no failure.
/// invalid_input for a disk's path that leads out of the lab's folder.
Result<std::string> start_hosts(const LabPaths& paths, const HostTools& tools, Effects& effects);

/// Ends connections that wait to be used again, the sshd, and the guest that holds a disk's lock.
Result<void> stop_hosts(const LabPaths& paths, Effects& effects);
/// The same without waiting, for the lab's own process at its end.
void signal_hosts(const LabPaths& paths, Effects& effects);

}  // namespace gatehouse::sim
