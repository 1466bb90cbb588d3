#include <algorithm>

#include <fmt/format.h>

#include "clients/juju/commands.h"
#include "clients/juju/failure.h"
#include "gates/own_model.h"
#include "phases/as_built.h"
#include "phases/phase.h"

namespace gatehouse {

extern const Gate addresses_on_planes_gate;
extern const Gate blank_disks_gate;
extern const Gate bundle_warnings_gate;
extern const Gate channels_gate;
extern const Gate controller_ready_gate;
extern const Gate declared_options_gate;
extern const Gate deploy_continues_gate;
extern const Gate machine_constraints_gate;
extern const Gate machine_links_gate;
extern const Gate machines_ready_gate;
extern const Gate machines_started_gate;
extern const Gate model_absent_gate;
extern const Gate names_resolve_gate;
extern const Gate never_messages_gate;
extern const Gate no_unit_error_gate;
extern const Gate pki_valid_gate;
extern const Gate pki_margins_gate;
extern const Gate pki_names_gate;
extern const Gate placement_gate;
extern const Gate plan_counts_gate;
extern const Gate plan_equals_dry_run_gate;
extern const Gate relations_forbidden_gate;
extern const Gate relations_required_gate;
extern const Gate reserved_ranges_gate;
extern const Gate secret_overlay_gate;
extern const Gate subnet_dns_gate;
extern const Gate unit_certificates_gate;
extern const Gate unit_states_gate;
extern const Gate vip_policy_gate;

namespace {

// Step 1.0 and all of step 1.2's gate that needs no controller: judged first, for they cost
// nothing.
constexpr const Gate* kFileGates[] = {
    &secret_overlay_gate,      &pki_valid_gate,      &pki_margins_gate, &declared_options_gate,
    &plan_counts_gate,         &placement_gate,      &channels_gate,    &relations_required_gate,
    &relations_forbidden_gate, &bundle_warnings_gate};

// Step 1.1, and that of step 1.2 which must hold before a model is made.
constexpr const Gate* kWorldGates[] = {
    &vip_policy_gate,       &pki_names_gate,           &machine_links_gate,   &subnet_dns_gate,
    &machines_ready_gate,   &machine_constraints_gate, &reserved_ranges_gate, &blank_disks_gate,
    &controller_ready_gate, &model_absent_gate};

constexpr const Gate* kAddModelGuards[] = {&controller_ready_gate, &model_absent_gate};

// The dry run prints what Juju would ignore; the plan it prints must be the one that passed above.
constexpr const Gate* kDryRunGates[] = {&plan_equals_dry_run_gate, &bundle_warnings_gate};

// A dry run never shows option values, hence the VIP guard directly before the deploy (step 1.3).
constexpr const Gate* kDeployGuards[] = {&vip_policy_gate, &plan_equals_dry_run_gate};

// What landed in part goes on only with the same bytes, and only with what is missing.
constexpr const Gate* kContinueGuards[] = {&vip_policy_gate, &deploy_continues_gate};

constexpr const Gate* kSettleHold[] = {&no_unit_error_gate, &unit_states_gate,
                                       &machines_started_gate};
constexpr const Gate* kSettleAbort[] = {&never_messages_gate, &no_unit_error_gate};
constexpr const Gate* kSettleLatch[] = {&names_resolve_gate};
constexpr const Gate* kExitGates[] = {&names_resolve_gate,       &machines_started_gate,
                                      &no_unit_error_gate,       &unit_states_gate,
                                      &addresses_on_planes_gate, &unit_certificates_gate};

constexpr FactKey kModelFacts[] = {FactKey::juju_models};
constexpr FactKey kAsBuiltFacts[] = {FactKey::juju_models, FactKey::juju_client, FactKey::pki};
constexpr FactKey kDryRunFacts[] = {FactKey::dry_run};
constexpr FactKey kStatusFacts[] = {FactKey::juju_models, FactKey::model_status};

juju::ModelName model_name(const Questions& questions) {
  return {.controller = questions.controller, .model = questions.model};
}

std::vector<std::string> add_model_argv(const Inputs& inputs, const Questions& questions) {
  const SiteJuju& juju = inputs.site.juju;
  return juju::add_model_argv({.name = model_name(questions),
                               .cloud = juju.cloud,
                               .region = juju.region,
                               .credential = juju.credential});
}

std::vector<std::string> deploy_argv(const Inputs&, const Questions& questions) {
  return juju::deploy_argv(model_name(questions), {.bundle = questions.bundle_file,
                                                   .overlays = questions.overlay_files,
                                                   .map_machines = questions.map_machines});
}

// Machine numbers of the bundle and of the model differ, so each machine that is there is named.
// The numbers are those of the plan, for nothing else ever added to this model.
void map_machines(const Inputs&, const Plan& plan, const Facts& facts, Questions& questions) {
  questions.map_machines = "existing";
  const ModelStatus* status = facts.model_status.value();
  if (!status) return;
  for (const PlannedMachine& machine : plan.machines) {
    if (machine.bundle_id.empty() || !status->machines.contains(machine.number)) continue;
    questions.map_machines += "," + machine.bundle_id + "=" + machine.number;
  }
}

bool is_nothing_left(const Facts& facts) {
  const DryRun* dry_run = facts.dry_run.value();
  return dry_run && dry_run->refusal.empty() && dry_run->changes.empty();
}

// Only of exactly the model that this run made, seen alive and empty. With --force --no-wait Juju
// 3.6.24 was seen to delete the machines from MAAS instead of releasing them (juju/juju 22691).
std::string empty_model_way_out(const Inputs& inputs, const Facts& facts,
                                const json::object& made) {
  const auto* models = facts.juju_models.value();
  const ModelStatus* status = facts.model_status.value();
  const std::string& name = inputs.site.juju.model;
  const std::string uuid = string_or_empty(made, "uuid");
  if (!models || !status || uuid.empty() || status->name != name) return {};
  const bool is_empty =
      status->machines.empty() && status->applications.empty() && status->unread.empty();
  const bool is_ours = std::any_of(models->begin(), models->end(), [&](const JujuModel& model) {
    return model.name == name && model.uuid == uuid && model.life == "alive";
  });
  if (!is_empty || !is_ours) return {};
  return fmt::format(
      "the model {0} of this run ({1}) is empty: when it is repaired go on with gatehouse run "
      "--use-empty-model, or take it away with juju destroy-model {2}:{0} (never with --force "
      "--no-wait, which may delete machines from MAAS)",
      name, uuid, inputs.site.juju.controller);
}

template <class T>
Sight unseen(const Observation<T>& observation) {
  if (!observation.error()) return {};
  return {.landed = Landed::unknown, .error = *observation.error()};
}

Sight add_model_landed(const Inputs& inputs, const Plan&, const Facts& facts) {
  const auto* models = facts.juju_models.value();
  if (!models) return unseen(facts.juju_models);
  for (const JujuModel& model : *models) {
    const bool is_it = model.name == inputs.site.juju.model && model.life == "alive" &&
                       may_be_ours(model, facts.juju_controller.value());
    if (is_it) return {Landed::whole};
  }
  return {Landed::none};
}

json::object model_identity(const Inputs& inputs, const Facts& facts) {
  json::object identity{{"controller", inputs.site.juju.controller},
                        {"model", inputs.site.juju.model}};
  if (const auto* models = facts.juju_models.value()) {
    identity["uuid"] = nullptr;
    for (const JujuModel& model : *models) {
      const bool is_it = model.name == inputs.site.juju.model && model.life != "dead" &&
                         may_be_ours(model, facts.juju_controller.value());
      if (is_it) identity["uuid"] = model.uuid;
    }
  }
  return identity;
}

// Either end may be a remote application, which is not among the model's own.
bool is_related(const ModelStatus& status, const std::string& one, const std::string& other) {
  const auto application = status.applications.find(one);
  return application != status.applications.end() &&
         std::any_of(application->second.relations.begin(), application->second.relations.end(),
                     [&](const RelationStatus& r) { return r.application == other; });
}

// Whole where every planned application, unit and machine is in the model; relations are not in a
// unit's reach before its machine is, so they are counted among the applications.
bool holds_all(const ModelStatus& status, const Plan& plan) {
  const auto has_application = [&](const PlannedApplication& application) {
    return status.applications.contains(application.name);
  };
  const auto has_unit = [&](const PlannedUnit& unit) { return status.units.contains(unit.name); };
  const auto has_relation = [&](const PlannedRelation& relation) {
    const std::string first = application_of(relation.first);
    const std::string second = application_of(relation.second);
    return is_related(status, first, second) || is_related(status, second, first);
  };
  return std::all_of(plan.applications.begin(), plan.applications.end(), has_application) &&
         std::all_of(plan.units.begin(), plan.units.end(), has_unit) &&
         std::all_of(plan.relations.begin(), plan.relations.end(), has_relation);
}

Sight deploy_landed(const Inputs&, const Plan& plan, const Facts& facts) {
  const ModelStatus* status = facts.model_status.value();
  if (!status) return unseen(facts.model_status);
  if (holds_all(*status, plan)) return {Landed::whole};
  // What is missing may be among what could not be read.
  if (!status->unread.empty()) {
    Sight sight;
    sight.error.emplace();
    sight.error->kind = ErrorKind::malformed;
    sight.error->message = fmt::format("the status of {} could not be read whole: {}", status->name,
                                       status->unread.front());
    return sight;
  }
  const bool is_empty = status->applications.empty() && status->machines.empty();
  return {is_empty ? Landed::none : Landed::partly};
}

const Step kSteps[] = {
    {.id = "inputs",
     .title = "What the operator declares: overlay, PKI, bundle, plan",
     .source = "steps 1.0 and 1.2",
     .exit_gates = kFileGates},
    {.id = "pre-deploy",
     .title = "What MAAS, the hosts and the controller say",
     .source = "steps 1.1 and 1.2",
     .exit_gates = kWorldGates},
    {.id = "add-model",
     .title = "Add the model",
     .source = "step 1.2",
     .guards = kAddModelGuards,
     .effect = StepEffect{.name = "add-model",
                          .argv = add_model_argv,
                          .landed_needs = kModelFacts,
                          .landed = add_model_landed,
                          .identity = model_identity,
                          .was_refused = juju::says_that_it_exists}},
    {.id = "dry-run",
     .title = "Juju's own dry run against the offline plan",
     .source = "step 1.2",
     .exit_gates = kDryRunGates,
     .way_out = WayOut{.needs = kStatusFacts, .words = empty_model_way_out}},
    {.id = "deploy",
     .title = "Deploy the staged bytes",
     .source = "step 1.3",
     .guards = kDeployGuards,
     .effect = StepEffect{.name = "deploy",
                          .argv = deploy_argv,
                          .landed_needs = kStatusFacts,
                          .landed = deploy_landed,
                          .identity = model_identity,
                          .continuation = Continuation{.name = "continue_deploy",
                                                       .prepare = map_machines,
                                                       .needs = kDryRunFacts,
                                                       .is_nothing_left = is_nothing_left,
                                                       .guards = kContinueGuards,
                                                       .argv = deploy_argv}},
     .way_out = WayOut{.needs = kStatusFacts, .words = empty_model_way_out}},
    {.id = "settle",
     .title = "Machines come up, names resolve, the model settles",
     .source = "step 1.4 and exit gate",
     .settle = StepSettle{.hold = kSettleHold,
                          .abort = kSettleAbort,
                          .latch = kSettleLatch,
                          .identity_needs = kModelFacts,
                          .identity = model_identity},
     .exit_gates = kExitGates},
};

}  // namespace

extern const Phase phase_01_bundle_deploy;
const Phase phase_01_bundle_deploy{
    .id = "phase_01_bundle_deploy",
    .title = "Phase 01: bundle deploy",
    .steps = kSteps,
    .as_built = as_built_of_deploy,
    .as_built_needs = kAsBuiltFacts,
    .adopt_from = "settle",
};

}  // namespace gatehouse
