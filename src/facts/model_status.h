// A model as `juju status --format json` shows it, of any client from 2.9 to 4.0, and what its
// samples were over time. Source: Juju 3.6.28, cmd/juju/status; formats by shape, not by version.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/moment.h"

namespace gatehouse {

struct StatusValue {
  std::string current;
  std::string message;
  std::string since;

  bool operator==(const StatusValue&) const = default;
};

struct UnitStatus {
  std::string name;         ///< "vault/0"
  std::string application;
  std::string machine;      ///< of a subordinate: its principal's
  std::string principal;    ///< "" for a principal
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
  std::string id;  ///< "0" or "0/lxd/3"
  StatusValue agent;     ///< `juju-status`
  StatusValue instance;  ///< `machine-status`
  std::string hostname;  ///< `display-name`, else `hostname`
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
  std::string version;  ///< of the agents
  std::map<std::string, MachineStatus> machines;  ///< containers too
  std::map<std::string, ApplicationStatus> applications;
  std::map<std::string, UnitStatus> units;  ///< subordinates too
  std::vector<std::string> unread;          ///< parts that could not be decoded, by name

  bool operator==(const ModelStatus&) const = default;
};

/// What of one unit its samples told so far.
struct UnitHistory {
  Moment first_seen{};
  Moment changed{};  ///< when status or message last changed
  std::optional<Moment> in_error_since;
  std::size_t errors = 0;  ///< times it went into error
};

/// A pure fold of all status samples of a run.
struct ModelHistory {
  std::size_t samples = 0;
  Moment first{};
  Moment newest{};
  Moment changed{};  ///< when anything that settling looks at last changed
  std::map<std::string, UnitHistory> units;
};

/// The history with one sample more; `at` is our own clock.
ModelHistory with_sample(ModelHistory history, const ModelStatus& before, const ModelStatus& now,
                         Moment at);

}  // namespace gatehouse
