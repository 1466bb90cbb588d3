// What may be wrong in the controller and its model; rows and targets in fault_table_juju.cpp.
#pragma once

#include <optional>
#include <string>

namespace gatehouse::sim {

/// What `juju status` shows of a model that comes up, and when; put in by status_faults.cpp. The
/// first group heals by itself.
enum class StatusFault {
  none,
  units_listed_late,
  machine_status_is_an_error,
  controller_away,
  controller_busy,
  install_hook_heals,
  since_is_missing,
  machine_down_for_a_while,
  instance_state_is_stale,
  subordinates_are_missing,
  ready_then_blocked,
  agent_lost,
  unit_flaps,
  machine_is_dying,
  controller_gone,
};

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
  StatusFault status = StatusFault::none;
  bool has_foreign_model = false;
  bool is_foreign_model_dying = false;
  bool is_controller_unreachable = false;
  bool is_controller_unlisted = false;  ///< the client's own list has another one only
  bool is_login_stale = false;
  bool is_store_locked = false;
  bool is_model_list_unreachable = false;
  bool is_model_list_polluted = false;
  bool has_hook_error = false;
  bool has_container_without_dns = false;
  bool has_stuck_container = false;
  bool lacks_last_machine = false;  ///< MAAS never gives one for it
  bool fails_deployment = false;    ///< MAAS gives the last one and fails to deploy it
  bool has_third_warning = false;
  bool has_different_line = false;
  bool loses_dry_run = false;  ///< the connection ends while the dry run is made
  bool has_other_certificate_on_disk = false;
  bool has_damaged_certificate_on_disk = false;
  bool stops_half_way = false;   ///< the deploy ends with an error after half of its changes
  bool has_newer_charm = false;  ///< from then on the bundle would upgrade an application
};

}  // namespace gatehouse::sim
