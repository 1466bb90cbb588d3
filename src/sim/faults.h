// What can be put wrong in a rehearsal: either in the copies of the operator's files (input),
// before anything starts, or in the world that the lab shows (world). Targets are chosen from the
// site's own data, so every fault works at every site that declares what it needs; one that a site
// cannot express is refused by name. Start at all_faults.
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "input/site/site.h"

namespace gatehouse::sim {

enum class FaultKind { input, world };

struct Fault {
  std::string_view name;
  FaultKind kind;
  std::string_view does;    ///< what is put wrong, one sentence without a full stop
  std::string_view gate;    ///< the gate that must close; "" for a control
  std::string_view ruling;  ///< "fail", "unknown" or "pass"
  int exit_code;            ///< that a rehearsal with this fault alone must end with
  /// The rehearsal's certificates are made as if so many years ago.
  int pki_created_years_ago = 0;
};

std::span<const Fault> all_faults();
/// nullptr where there is none of that name.
const Fault* find_fault(std::string_view name);

/// The world faults of a lab with what they hit at this site.
struct WorldFaults {
  struct NicTarget {
    std::string hostname;
    std::string nic;
  };
  struct BindingTarget {
    std::string application;
    std::string endpoint;
    std::string wrong_plane;
  };
  std::optional<NicTarget> unlinked;
  std::optional<std::string> wrong_dns_plane;
  std::optional<std::string> deployed_host;
  std::optional<std::string> powered_host;
  std::optional<std::string> written_disk_host;
  std::optional<std::string> missing_range;
  std::optional<std::string> active_applications;  ///< "a|b|c" of the site's expect entry
  std::optional<std::string> never_applications;
  std::string never_message;
  std::optional<BindingTarget> wrong_binding;
  bool has_foreign_model = false;
  bool is_controller_unreachable = false;
  bool is_model_list_unreachable = false;
  bool is_key_refused = false;
  bool has_hook_error = false;
  bool has_container_without_dns = false;
  bool has_third_warning = false;
  bool has_different_line = false;
};

/// invalid_input for an unknown name, or one that the site declares nothing for; the message names
/// it.
Result<WorldFaults> resolve_world_faults(const std::set<std::string>& names, const Site& site);

}  // namespace gatehouse::sim
