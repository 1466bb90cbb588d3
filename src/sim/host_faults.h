// What may be wrong on the hosts that the lab shows; rows and targets in fault_table_host.cpp.
#pragma once

#include <optional>
#include <string>

namespace gatehouse::sim {

struct HostFaults {
  std::optional<std::string> written_disk_host;
};

}  // namespace gatehouse::sim
