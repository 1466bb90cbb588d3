// The faults of the controller, the dry run and the model that comes up.
#include "base/text.h"
#include "sim/faults.h"

namespace gatehouse::sim {
namespace {

std::string choose_active(const Site& site, WorldFaults& faults) {
  for (const ExpectedState& state : site.settled.expect) {
    if (state.workload != "blocked") continue;
    faults.juju.active_applications = state.applications;
    return "";
  }
  return "no application that must be blocked";
}

std::string choose_never(const Site& site, WorldFaults& faults) {
  for (const ExpectedState& state : site.settled.expect) {
    if (!state.never) continue;
    faults.juju.never_applications = state.applications;
    faults.juju.never_message = replace_all(*state.never, "*", "");
    return "";
  }
  return "no message that must never be shown";
}

std::string choose_binding(const Site& site, WorldFaults& faults) {
  for (const auto& [application, endpoints] : site.bindings) {
    for (const auto& [endpoint, plane] : endpoints) {
      for (const Plane& other : site.planes) {
        if (other.name == plane.value) continue;
        faults.juju.wrong_binding = JujuFaults::BindingTarget{application, endpoint, other.name};
        return "";
      }
    }
  }
  return "no binding beside a second plane";
}

std::string choose_without_dns(const Site& site, WorldFaults& faults) {
  if (!site.dns || site.dns->lookup.empty()) return "no name to look up";
  faults.juju.has_container_without_dns = true;
  return "";
}

template <bool JujuFaults::* Member>
std::string set_flag(const Site&, WorldFaults& faults) {
  faults.juju.*Member = true;
  return "";
}

template <bool JujuFaults::* Member>
std::string choose_disk_of_unit(const Site& site, WorldFaults& faults) {
  if (!site.pki) return "no pki";
  faults.juju.*Member = true;
  return "";
}

constexpr Fault kFaults[] = {
    {"model-exists", FaultKind::world, "a model of that name exists already", "model_absent",
     "fail", 1, set_flag<&JujuFaults::has_foreign_model>},
    {"controller-unreachable", FaultKind::world, "nothing answers at the controller's address",
     "controller_ready", "unknown", 3, set_flag<&JujuFaults::is_controller_unreachable>},
    {"unit-hook-error", FaultKind::world, "a hook of one unit fails for good", "no_unit_error",
     "fail", 1, set_flag<&JujuFaults::has_hook_error>},
    {"blocked-application-active", FaultKind::world,
     "an application that must be blocked turns active", "unit_states", "fail", 1, choose_active},
    {"never-message", FaultKind::world, "an application shows the message that it must never show",
     "never_messages", "fail", 1, choose_never},
    {"container-without-dns", FaultKind::world, "one container resolves no name", "names_resolve",
     "fail", 1, choose_without_dns},
    {"binding-wrong-network", FaultKind::world,
     "one application sits on another network than declared", "addresses_on_planes", "fail", 1,
     choose_binding},
    {"certificate-on-unit-differs", FaultKind::world,
     "one unit's disk holds another certificate than the overlay", "unit_certificates", "fail", 1,
     choose_disk_of_unit<&JujuFaults::has_other_certificate_on_disk>},
    {"certificate-on-unit-unreadable", FaultKind::world,
     "openssl on one unit cannot read a certificate there", "unit_certificates", "unknown", 3,
     choose_disk_of_unit<&JujuFaults::has_damaged_certificate_on_disk>},
    {"dry-run-third-warning", FaultKind::world, "the dry run warns of one more field",
     "bundle_warnings", "fail", 1, set_flag<&JujuFaults::has_third_warning>},
    {"dry-run-line-differs", FaultKind::world, "one line of the dry run differs from the plan",
     "plan_equals_dry_run", "fail", 1, set_flag<&JujuFaults::has_different_line>},
    {"lying-models-unreachable", FaultKind::world, "the list of models cannot be had",
     "model_absent", "unknown", 3, set_flag<&JujuFaults::is_model_list_unreachable>},
    {"lying-abort-exits-zero", FaultKind::world, "the model exists; an abort must not end with 0",
     "model_absent", "fail", 1, set_flag<&JujuFaults::has_foreign_model>},
};

}  // namespace

std::span<const Fault> juju_faults() {
  return kFaults;
}

}  // namespace gatehouse::sim
