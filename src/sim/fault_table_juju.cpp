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

std::string choose_newer_charm(const Site&, WorldFaults& faults) {
  faults.juju.stops_half_way = true;
  faults.juju.has_newer_charm = true;
  return "";
}

std::string choose_stuck(const Site& site, WorldFaults& faults) {
  if (!site.plan.counts.containers.value_or(0)) return "no container";
  faults.juju.has_stuck_container = true;
  return "";
}

template <StatusFault Which>
std::string set_status(const Site&, WorldFaults& faults) {
  faults.juju.status = Which;
  return "";
}

std::string choose_dying_model(const Site&, WorldFaults& faults) {
  faults.juju.has_foreign_model = true;
  faults.juju.is_foreign_model_dying = true;
  return "";
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

constexpr Fault kJujuFaults[] = {
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
    {"dry-run-cut-off", FaultKind::world, "the connection ends while the dry run is made",
     "plan_equals_dry_run", "unknown", 3, set_flag<&JujuFaults::loses_dry_run>},
    {"controller-gone", FaultKind::world, "the controller stops to answer for good on the way",
     "unit_states", "unknown", 3, set_status<StatusFault::controller_gone>},
    {"lying-models-unreachable", FaultKind::world, "the list of models cannot be had",
     "model_absent", "unknown", 3, set_flag<&JujuFaults::is_model_list_unreachable>},
    {"controller-not-listed", FaultKind::world, "the juju client knows no controller of that name",
     "controller_ready", "fail", 1, set_flag<&JujuFaults::is_controller_unlisted>},
    // Traps that peers fell into, and that users of Juju met: notes of peers, section 7; of Juju's
    // formats, section 5. Those whose gate is "" heal by themselves, and the run must hold.
    {"login-stale", FaultKind::world, "the login is stale, and the client would ask for another",
     "controller_ready", "unknown", 3, set_flag<&JujuFaults::is_login_stale>},
    {"store-lock-held", FaultKind::world, "another user left the lock of the client's store",
     "controller_ready", "unknown", 3, set_flag<&JujuFaults::is_store_locked>},
    {"model-dying", FaultKind::world, "a model of that name is being destroyed", "model_absent",
     "fail", 1, choose_dying_model},
    {"models-polluted", FaultKind::world, "a log line stands before the list of models",
     "model_absent", "unknown", 3, set_flag<&JujuFaults::is_model_list_polluted>},
    {"deploy-stops-half-way", FaultKind::world, "the deploy ends with an error half way", "",
     "in doubt", 4, set_flag<&JujuFaults::stops_half_way>},
    {"charm-released-half-way", FaultKind::world,
     "the deploy ends with an error half way, and a newer charm comes out", "deploy_continues",
     "fail", 1, choose_newer_charm, 0, true},
    {"units-listed-late", FaultKind::world, "applications have no unit in the first samples", "",
     "pass", 0, set_status<StatusFault::units_listed_late>},
    {"machine-status-error", FaultKind::world, "a machine's status is an error while it comes up",
     "", "pass", 0, set_status<StatusFault::machine_status_is_an_error>},
    {"controller-away", FaultKind::world,
     "the controller does not answer for twenty minutes of the wait", "", "pass", 0,
     set_status<StatusFault::controller_away>},
    {"controller-busy", FaultKind::world,
     "the controller does not answer for some minutes after the deploy, busy with what it was "
     "given",
     "", "pass", 0, set_status<StatusFault::controller_busy>},
    {"install-hook-heals", FaultKind::world, "an install hook fails, and heals in a retry", "",
     "pass", 0, set_status<StatusFault::install_hook_heals>},
    {"since-missing", FaultKind::world, "no unit says since when, as in Juju 4.0.0", "", "pass", 0,
     set_status<StatusFault::since_is_missing>},
    {"machine-down-a-while", FaultKind::world, "a machine that runs is shown down for six minutes",
     "", "pass", 0, set_status<StatusFault::machine_down_for_a_while>},
    {"instance-state-stale", FaultKind::world, "a machine's instance state lags by 15 minutes", "",
     "pass", 0, set_status<StatusFault::instance_state_is_stale>},
    {"subordinates-missing", FaultKind::world, "the status leaves subordinate units out",
     "unit_states", "fail", 1, set_status<StatusFault::subordinates_are_missing>},
    {"ready-then-blocked", FaultKind::world, "a unit that was ready is blocked later on",
     "unit_states", "fail", 1, set_status<StatusFault::ready_then_blocked>},
    {"agent-lost", FaultKind::world, "the agent of one unit is lost while its workload runs",
     "unit_states", "fail", 1, set_status<StatusFault::agent_lost>},
    {"unit-flaps", FaultKind::world, "a unit goes back and forth between two states", "unit_states",
     "fail", 1, set_status<StatusFault::unit_flaps>},
    {"container-stuck", FaultKind::world, "one container has an instance and never starts",
     "unit_states", "fail", 1, choose_stuck},
    {"machine-never-allocated", FaultKind::world, "MAAS has no machine for the last one",
     "unit_states", "fail", 1, set_flag<&JujuFaults::lacks_last_machine>},
    {"machine-deployment-fails", FaultKind::world, "MAAS fails to deploy the last machine",
     "no_unit_error", "fail", 1, set_flag<&JujuFaults::fails_deployment>},
    {"machine-dying", FaultKind::world, "somebody takes a machine away while all comes up",
     "machines_started", "fail", 1, set_status<StatusFault::machine_is_dying>},
};

}  // namespace

std::span<const Fault> juju_faults() {
  return kJujuFaults;
}

}  // namespace gatehouse::sim
