// What may be wrong in the MAAS that the lab shows; rows and targets in fault_table_maas.cpp.
#pragma once

#include <optional>
#include <string>

namespace gatehouse::sim {

struct MaasFaults {
  struct NicTarget {
    std::string hostname;
    std::string nic;
  };
  std::optional<NicTarget> unlinked;
  std::optional<std::string> wrong_dns_plane;
  std::optional<std::string> deployed_host;
  std::optional<std::string> powered_host;
  std::optional<std::string> missing_range;
  bool is_key_refused = false;
};

}  // namespace gatehouse::sim
