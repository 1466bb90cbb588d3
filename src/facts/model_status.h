// A model as `juju status --format json` shows it, of any client from 2.9 to 4.0, and what its
// samples were over time. Source: Juju 3.6.28, cmd/juju/status; formats by shape, not by version.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/moment.h"

namespace gatehouse {

struct StatusValue {
  std::string current;
  std::string message;
  std::string since;
  std::string life = {};  ///< "dying" or "dead"; "" while alive

  bool operator==(const StatusValue&) const = default;
};

struct UnitStatus {
  std::string name;  ///< "vault/0"
  std::string application;
  std::string machine;    ///< of a subordinate: its principal's
  std::string principal;  ///< "" for a principal
  StatusValue workload;
  StatusValue agent;
  bool is_leader = false;
  std::string public_address;

  bool operator==(const UnitStatus&) const = default;
};

struct InterfaceStatus {
  std::vector<std::string> addresses;
  std::string mac_address;
  std::vector<std::string> spaces;

  bool operator==(const InterfaceStatus&) const = default;
};

struct MachineStatus {
  std::string id;                 ///< "0" or "0/lxd/3"
  StatusValue agent;              ///< `juju-status`
  StatusValue instance;           ///< `machine-status`
  StatusValue modification = {};  ///< of its LXD profiles: `modification-status`
  std::string hostname;           ///< `display-name`, else `hostname`
  std::string instance_id;
  std::vector<std::string> addresses;
  std::map<std::string, InterfaceStatus> interfaces;

  bool is_container() const { return id.find('/') != std::string::npos; }
  bool operator==(const MachineStatus&) const = default;
};

struct RelationStatus {
  std::string endpoint;
  std::string application;  ///< the other one
  std::string interface;    ///< "" in shapes that do not tell
  std::string scope;

  bool operator==(const RelationStatus&) const = default;
};

struct ApplicationStatus {
  std::string name;
  std::string charm;
  std::int64_t revision = 0;
  std::string channel;
  std::string base;
  std::string life;  ///< "dying" or "dead"; "" while alive
  StatusValue status;
  std::vector<std::string> subordinate_to;
  std::map<std::string, std::string> endpoint_bindings;
  std::vector<RelationStatus> relations;

  bool operator==(const ApplicationStatus&) const = default;
};

struct ModelStatus {
  std::string name;
  std::string controller;
  std::string cloud;
  std::string version;                            ///< of the agents
  StatusValue status = {};                        ///< `model-status`: "available", "destroying"
  std::map<std::string, MachineStatus> machines;  ///< containers too
  std::map<std::string, ApplicationStatus> applications;
  std::map<std::string, UnitStatus> units;     ///< subordinates too
  std::map<std::string, StatusValue> remotes;  ///< applications of other models, by their name here
  std::vector<std::string> unread;             ///< parts that could not be decoded, by name
  std::vector<std::string> unknown;  ///< members that no Juju known here has: "unit.colour", sorted

  bool operator==(const ModelStatus&) const = default;
};

/// The hook of "hook failed: \"install\"", which may go on with the relation; "" of other messages.
std::string failed_hook(std::string_view message);

/// What settling looks at in a unit. `since` and addresses are left out, for Juju refreshes them at
/// will.
struct UnitLook {
  std::string workload, message, agent;
  std::string agent_message;  ///< which hook runs; a change of it alone is no change
  bool is_leader = false;
  std::string machine;

  bool operator==(const UnitLook&) const = default;
};
UnitLook look_of(const UnitStatus& unit);

struct MachineLook {
  std::string state;  ///< of the agent
  std::string instance, message;
  std::string modification, life;
  std::string hostname;

  bool operator==(const MachineLook&) const = default;
};
MachineLook look_of(const MachineStatus& machine);

/// What of one unit its samples told so far.
struct UnitHistory {
  UnitLook look = {};
  Moment first_seen{};
  Moment changed{};  ///< when its look last changed, the agent's message apart
  /// Since it went into error and did not recover. Between two tries of a failed hook Juju shows
  /// the former status with an executing agent: that is no recovery.
  std::optional<Moment> in_error_since = {};
  std::string failed_hook = {};           ///< the one that its last error named; "" where none
  std::size_t errors = 0;                 ///< times it went into error
  std::optional<Moment> lost_since = {};  ///< agent, without a break

  bool operator==(const UnitHistory&) const = default;
};

/// A pure fold of all status samples of a run. The journal keeps each sample as a difference, from
/// which the same history is made again (engine/model_samples.h).
struct ModelHistory {
  std::size_t samples = 0;
  Moment first{};
  Moment newest{};
  Moment changed{};                          ///< when anything that settling looks at last changed
  std::map<std::string, UnitHistory> units;  ///< of the newest sample
  std::map<std::string, MachineLook> machines;
  /// The beginning of the effect that a settled state must be newer than; absent: any state will
  /// do.
  std::optional<Moment> newer_than = {};
  std::optional<Moment> unobserved_since =
      {};  ///< the first of the tries in a row that saw nothing

  bool operator==(const ModelHistory&) const = default;
};

/// What one sample changed against the history before it.
struct SampleDifference {
  std::map<std::string, UnitLook> units;        ///< new, or with another look
  std::map<std::string, MachineLook> machines;  ///< new, or with another look
  std::vector<std::string> gone_units, gone_machines;

  bool is_empty() const {
    return units.empty() && machines.empty() && gone_units.empty() && gone_machines.empty();
  }
  bool operator==(const SampleDifference&) const = default;
};

SampleDifference difference(const ModelHistory& history, const ModelStatus& now);

/// The history with one sample more; `at` is our own clock. What of a unit that is gone its samples
/// told is forgotten.
ModelHistory with_difference(ModelHistory history, const SampleDifference& difference, Moment at);
ModelHistory with_sample(ModelHistory history, const ModelStatus& now, Moment at);

/// The history after a try that saw nothing. What it knew stays.
ModelHistory with_gap(ModelHistory history, Moment at);

}  // namespace gatehouse
