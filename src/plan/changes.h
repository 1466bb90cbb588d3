// The changes of one plan while it is made: numbering, what needs what, and the order in which they
// come out. Source: Juju 3.6 core/bundle/changes (changes.go, "sorted").
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "base/json.h"
#include "plan/plan.h"

namespace gatehouse::planning {

/// The number of a change in order of creation.
using Number = std::size_t;

class Changes {
 public:
  Number add(std::string method, json::object args, std::vector<std::string> description,
             std::vector<Number> needs);
  /// Also needs every machine change made before it.
  Number add_machine(json::object args, std::string description, std::vector<Number> needs);
  /// A unit gets its place after it was created.
  void place(Number unit, std::string description, const std::vector<Number>& needs);

  json::object& args(Number number) { return changes_[number].args; }
  /// "$addUnit-7"
  std::string placeholder(Number number) const { return "$" + changes_[number].id; }

  /// In the order of output: sweeps over what is left, in order of creation, each putting out what
  /// has all its needs put out, in this sweep or before.
  void move_into(Plan& plan);

 private:
  std::size_t sweep_for(Number number, std::span<const Number> needs) const;

  std::vector<Change> changes_;
  std::vector<std::size_t> sweeps_;  ///< in which sweep each comes out, from 0
  std::vector<Number> machines_;
  std::size_t last_machine_sweep_ = 0;  ///< the latest sweep of any machine change so far
};

}  // namespace gatehouse::planning
