// One plan in the making: what its parts share. The parts run in the order of Juju's FromData.
// Source: Juju 3.6 core/bundle/changes (handlers.go).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "input/bundle/base_and_series.h"
#include "input/bundle/bundle.h"
#include "input/bundle/charm_url.h"
#include "plan/changes.h"
#include "plan/plan.h"

namespace gatehouse::planning {

struct PlannedBase {
  std::string base;    ///< "ubuntu@22.04/stable"
  std::string series;  ///< "jammy"; "" where Juju has no name for the version
};

/// A charm of the store or a local one; a path has none.
struct PlannedCharm {
  bundle::CharmUrl url;
  std::string argument;  ///< as the changes name it: "ch:keystone"
};

/// One application, with what is known of it so far. A thousand share a handful of charms and
/// bases, so those are pointed at; the State owns them.
struct PlannedOne {
  const BundleApplication* application = nullptr;
  const PlannedBase* base = nullptr;
  const PlannedCharm* charm = nullptr;  ///< nullptr for a path
  Number deploy = 0;

  /// The charm as the changes name it: a path, or a URL.
  const std::string& charm_argument() const { return charm ? charm->argument : application->charm; }
  const std::string& charm_name() const { return charm ? charm->url.name : application->charm; }
};

/// A machine that the bundle names.
struct PlannedMachineOfBundle {
  Number change = 0;
  std::string number;  ///< in the model
};

class State {
 public:
  State(const Bundle& read, PlanArguments arguments);
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  /// nullptr where the bundle has none of that name.
  PlannedOne* find(std::string_view application);
  /// What deploys the application, or consumes the offer, of that name.
  Number end_of(std::string_view name);
  std::string take_machine_number() { return std::to_string(next_machine_++); }

  const Bundle& bundle;
  std::vector<PlannedOne> applications;       ///< by name, in byte order
  std::vector<PlannedOne*> in_natural_order;  ///< the same in Juju's natural order
  Changes changes;
  Plan plan;
  PlannedBase default_base;
  std::map<std::pair<std::string, std::string>, PlannedBase> bases;  ///< by base and series
  std::map<std::string, PlannedCharm, std::less<>> charms;           ///< by the text of the bundle
  std::map<std::string, Number, std::less<>> offers;                 ///< by the name of the remote
  std::map<std::string, PlannedMachineOfBundle, std::less<>> machines;  ///< by their id there

 private:
  std::unordered_map<std::string_view, PlannedOne*> by_name_;
  std::size_t next_machine_ = 0;
};

/// The reason why Juju would stop, without "ERROR cannot deploy bundle: ".
using Refusal = std::optional<std::string>;

/// Bases, channels and charm names, which Juju settles before it plans; the "Located charm" lines.
Refusal resolve_charms(State& state);
void add_applications(State& state);
Refusal add_machines(State& state);
void add_offers(State& state);
void add_relations(State& state);
/// Creates every unit, then works out its place.
Refusal add_units(State& state);

/// {"base": ..., "series": ...} as far as they are known.
void put_base(json::object& args, const PlannedBase& base);
/// Puts a text unless it is empty, which is how Go leaves fields out.
void put(json::object& args, std::string_view key, const std::string& text);
/// In Juju's natural order.
std::vector<std::string> natural_order(std::vector<std::string> names);
/// One text of many pieces, put together at once.
std::string text_of(std::initializer_list<std::string_view> pieces);

}  // namespace gatehouse::planning
