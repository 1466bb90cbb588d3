// One plan in the making: what its parts share. The parts run in the order of Juju's FromData.
// Source: Juju 3.6 core/bundle/changes (handlers.go).
#pragma once

#include <map>
#include <optional>
#include <string>
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

struct State {
  State(const Bundle& read, PlanArguments arguments);

  const Bundle& bundle;
  /// In Juju's natural order of their names.
  std::vector<const BundleApplication*> applications;
  Changes changes;
  Plan plan;
  PlannedBase default_base;
  std::map<std::string, PlannedBase> bases;        ///< of each application
  std::map<std::string, bundle::CharmUrl> charms;  ///< of each that is no path
  std::map<std::string, Number> ends;              ///< what deploys or consumes each application
  std::map<std::string, Number> machines;          ///< of the bundle, by their id there
  std::map<std::string, std::string> machine_numbers;  ///< bundle id -> number in the model
  std::size_t next_machine = 0;

  std::string take_machine_number() { return std::to_string(next_machine++); }
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

}  // namespace gatehouse::planning
