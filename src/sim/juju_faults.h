// What may be wrong in the controller and its model; rows and targets in fault_table_juju.cpp.
#pragma once

#include <optional>
#include <string>

namespace gatehouse::sim {

struct JujuFaults {
  struct BindingTarget {
    std::string application;
    std::string endpoint;
    std::string wrong_plane;
  };
  std::optional<std::string> active_applications;  ///< "a|b|c" of the site's expect entry
  std::optional<std::string> never_applications;
  std::string never_message;
  std::optional<BindingTarget> wrong_binding;
  bool has_foreign_model = false;
  bool is_controller_unreachable = false;
  bool is_model_list_unreachable = false;
  bool has_hook_error = false;
  bool has_container_without_dns = false;
  bool has_third_warning = false;
  bool has_different_line = false;
  bool has_other_certificate_on_disk = false;
  bool has_damaged_certificate_on_disk = false;
};

}  // namespace gatehouse::sim
