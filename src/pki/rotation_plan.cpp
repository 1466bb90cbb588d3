#include "pki/rotation_plan.h"

#include <fmt/format.h>

namespace gatehouse::pki {

namespace {

// The units read certificates at use, but passphrase and paths at the start of a service; the charm
// restarts services only where octavia.conf changes.
std::string apply(const PlanWords& words) {
  return fmt::format("give the units all five values in one call: juju config {} --file {}",
                     words.application, words.config_file);
}

std::string wait_for_units(const PlanWords& words) {
  return fmt::format(
      "wait until every unit of {} has run its config-changed hook (juju status), then compare the "
      "disks: gatehouse pki fingerprints {}",
      words.application, words.overlay);
}

std::string restart(const PlanWords& words, const std::string& why) {
  return fmt::format(
      "restart the services, {}: juju exec --application {} -- systemctl restart "
      "octavia-worker octavia-health-manager octavia-housekeeping",
      why, words.application);
}

std::string failover(const std::string& why) {
  return "fail over every amphora, " + why +
         ": for each id of `openstack loadbalancer amphora list -f value -c id` run `openstack "
         "loadbalancer amphora failover ID` and wait for it";
}

std::string next(Tier tier, const PlanWords& words, const std::string& more) {
  return fmt::format("go on with: gatehouse pki roll {} --workspace {} --overlay {}{}",
                     tier == Tier::issuing ? "issuing" : "controller", words.workspace,
                     words.overlay, more);
}

std::string keep(const PlanWords& words) {
  return fmt::format("back the workspace up again: gatehouse pki backup FILE --workspace {}",
                     words.workspace);
}

std::vector<std::string> plan_of_issuing(RollPhase phase, const PlanWords& words) {
  const std::string unchanged = "since only certificates changed and the charm restarts nothing";
  switch (phase) {
    case RollPhase::none:
      break;
    case RollPhase::trust:
      return {apply(words), wait_for_units(words), restart(words, unchanged), keep(words),
              next(Tier::issuing, words, ", an hour from now at the earliest")};
    case RollPhase::change:
      return {
          apply(words),
          wait_for_units(words),
          "the charm restarts the services itself: passphrase and octavia.conf changed",
          keep(words),
          "wait 30 days, until each amphora certificate is from the new CA (octavia-housekeeping "
          "replaces each 14 days before its end), or fail over every amphora",
          next(Tier::issuing, words, " after that; with --confirm drop where all failed over")};
    case RollPhase::drop:
      return {apply(words), wait_for_units(words), restart(words, unchanged), keep(words)};
  }
  return {};
}

std::vector<std::string> plan_of_controller(RollPhase phase, const PlanWords& words) {
  const std::string unchanged = "since only certificates changed and the charm restarts nothing";
  switch (phase) {
    case RollPhase::none:
      break;
    case RollPhase::trust:
      return {apply(words),
              wait_for_units(words),
              restart(words, unchanged),
              keep(words),
              failover("so that each is born with both controller CAs"),
              next(Tier::controller, words, " --confirm switch, once no older amphora is left")};
    case RollPhase::change:
      return {apply(words), wait_for_units(words),
              restart(words, "so that pooled connections with the former certificate end"),
              keep(words), next(Tier::controller, words, ", an hour from now at the earliest")};
    case RollPhase::drop:
      return {apply(words), wait_for_units(words), restart(words, unchanged), keep(words)};
  }
  return {};
}

}  // namespace

std::vector<std::string> plan_of_renewal(const PlanWords& words) {
  return {apply(words), wait_for_units(words),
          restart(words, "so that pooled connections with the former certificate end"), keep(words),
          "no amphora has to be failed over"};
}

std::vector<std::string> plan_of_ca_renewal(const PlanWords& words) {
  return {apply(words), wait_for_units(words),
          restart(words, "since only a certificate changed and the charm restarts nothing"),
          keep(words), "no amphora has to be failed over: key and name of the CA stay"};
}

std::vector<std::string> plan_of_roll(Tier tier, RollPhase phase, const PlanWords& words) {
  return tier == Tier::issuing ? plan_of_issuing(phase, words) : plan_of_controller(phase, words);
}

std::vector<std::string> plan_of_compromise(Tier tier, const PlanWords& words) {
  return {
      "from the next step on no amphora that there is can be reached: no change of a load "
      "balancer works, traffic goes on",
      apply(words),
      wait_for_units(words),
      restart(words, tier == Tier::issuing ? "as passphrase and key changed"
                                           : "so that no former certificate is used"),
      failover("which is the only way back"),
      keep(words)};
}

}  // namespace gatehouse::pki
