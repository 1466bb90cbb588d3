// A Juju model of the lab as its files hold it: made by add-model, filled by deploy. What it looks
// like at a moment is computed from this in timeline.h and told in status.h. Secrets never get in
// here: of the bundle's options only those that a charm's message shows are kept.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "input/bundle/bundle.h"
#include "plan/plan.h"
#include "sim/world.h"

namespace gatehouse::sim {

struct LabRelation {
  std::string endpoint;
  std::string application;  ///< the other one; of a peer relation the same
  std::string interface;    ///< "" where the catalogue does not know the charm
  std::string scope;        ///< "global" or "container"
  std::size_t change = 0;
};

struct LabApplication {
  std::string name;
  std::string charm;
  std::string channel;
  std::string base;  ///< "ubuntu@22.04/stable"
  bool is_exposed = false;
  bool is_subordinate = false;
  std::size_t change = 0;
  std::map<std::string, std::string> bindings;  ///< every endpoint and "" -> space
  std::vector<LabRelation> relations;
  json::object
      script;  ///< stages and final of data/lab/bring-up.json, conditions of the model resolved
};

struct LabModelMachine {
  std::string number;
  std::string hostname;  ///< "" where the site has no machine left for it
  std::string constraints;
  std::size_t change = 0;
};

struct LabContainerNic {
  std::string name;
  std::string space;
  std::string address;
  std::string mac;
  std::string gateway;  ///< "" where the plane has none
};

struct LabContainer {
  std::string id;
  std::string machine;
  std::size_t change = 0;
  std::vector<LabContainerNic> nics;
};

struct LabUnit {
  std::string name;
  std::string application;
  std::string machine;    ///< of a subordinate its principal's
  std::string principal;  ///< "" for a principal
  std::size_t change = 0;
};

/// What a deploy puts into a model, change by change.
struct ModelPlan {
  std::string digest;  ///< of the change lines: tells whether another bundle is deployed
  std::vector<std::vector<std::string>> changes;  ///< the lines of each
  std::vector<LabApplication> applications;
  std::vector<LabModelMachine> machines;
  std::vector<LabContainer> containers;
  std::vector<LabUnit> units;  ///< principals in the plan's order, then subordinates

  const LabApplication* application(const std::string& name) const;
  const LabModelMachine* machine(const std::string& number) const;
  const LabContainer* container(const std::string& id) const;
};

/// Changes from `first` on began to land at `start`, one each `step`.
struct LandingRun {
  std::size_t first = 0;
  Moment start{};
};

struct LabModel {
  std::string name;
  std::string uuid;
  std::string cloud;
  std::string region;
  std::string credential;
  Moment created{};
  bool is_foreign = false;  ///< made by the lab itself, as if by someone else
  /// Shared, for it never changes once it is made: docs/adr/0015-shared-plan-of-a-lab.md.
  std::shared_ptr<const ModelPlan> plan;
  std::vector<LandingRun> runs;
  std::size_t done = 0;  ///< changes that have landed
  Milliseconds step{0};

  /// When that change landed; none where it has not.
  std::optional<Moment> landed(std::size_t change) const;
};

/// Facts about charms come from the catalogue; a charm that it lacks is a subordinate where its
/// application has no units and no placement.
ModelPlan make_model_plan(const LabWorld& world, const Bundle& bundle, const Plan& plan);

json::object to_json(const ModelPlan& plan);
/// None where it is no such object: a lab's file that another program wrote.
std::optional<ModelPlan> model_plan_from(const json::value& value);

}  // namespace gatehouse::sim
