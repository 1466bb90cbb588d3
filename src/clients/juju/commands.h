// The command lines of `juju`, as argument vectors. Every one names its controller and model, since
// the current ones are global state of the operator; flags stand before what is positional; nothing
// can prompt, for standard input is the null device and no browser may be opened. Source: Juju
// 3.6.28; 2.9 and 4.0 take the same. `juju config` and `export-bundle` show secrets: no call of
// them belongs here.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "effects/process.h"

namespace gatehouse::juju {

struct ModelName {
  std::string controller;
  std::string model;

  /// "controller:model", what -m takes.
  std::string target() const { return controller + ":" + model; }
};

/// What every call of `juju` gets besides the named list: times in ISO form, no colours.
std::map<std::string, std::string> juju_environment();

/// Effects, for the engine to start as children that outlive us.
struct NewModel {
  ModelName name;
  std::string cloud;
  std::string region;      ///< "" for the cloud's default
  std::string credential;  ///< "" for the default one
};
std::vector<std::string> add_model_argv(const NewModel& model);

struct BundleFiles {
  std::string bundle;                 ///< absolute, so that it cannot be taken for a charm's name
  std::vector<std::string> overlays;  ///< absolute, in order
  std::string map_machines = {};      ///< "existing,8=0": what the model has already; "" for none
};
std::vector<std::string> deploy_argv(const ModelName& model, const BundleFiles& files);
std::vector<std::string> dry_run_argv(const ModelName& model, const BundleFiles& files);

/// Observations, complete with environment and deadline.
Command version_command();
/// Local data only; the controller is named by the environment, as whoami has no flag for it.
Command whoami_command(const std::string& controller);
Command controllers_command();
/// Contacts the controller: its answer proves that it is reachable and the login good.
Command models_command(const std::string& controller);
Command spaces_command(const ModelName& model);
Command status_command(const ModelName& model);
Command dry_run_command(const ModelName& model, const BundleFiles& files);

/// A shell command on machines (never units, whose answers wait behind their own hooks).
struct MachineScript {
  std::vector<std::string> machines;  ///< "0", "0/lxd/1"; at least one
  std::string script;
  bool is_for_2_9 = false;  ///< `juju run --timeout` instead of `juju exec --wait`
};
Command exec_command(const ModelName& model, const MachineScript& script);
/// The same on one machine whose agent does not answer yet. Juju's own host keys are not there that
/// early, so they are not checked: what is read is public, and nothing is sent.
Command ssh_command(const ModelName& model, const std::string& machine, const std::string& script);

}  // namespace gatehouse::juju
