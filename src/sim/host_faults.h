// What may be wrong on the hosts that the lab shows; rows and targets in fault_table_host.cpp.
#pragma once

#include <optional>
#include <string>

namespace gatehouse::sim {

struct HostFaults {
  /// Machines, by the names of which their disks are told apart.
  std::optional<std::string> written_disk, other_size_disk, locked_disk;
  /// Hosts of ssh.
  std::optional<std::string> changed_key, unknown_key, refuses_login, asks_password, unreachable;
  std::optional<std::string> refuses_sudo, without_qemu_img, slow;
};

}  // namespace gatehouse::sim
