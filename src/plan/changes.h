// The changes of one plan while it is made: numbering, what needs what, and the order in which they
// come out. Source: Juju 3.6 core/bundle/changes (changes.go, "sorted").
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "plan/plan.h"

namespace gatehouse::planning {

/// The number of a change in order of creation.
using Number = std::size_t;
using Needs = decltype(Change::needs);

class Changes {
 public:
  explicit Changes(PlanArguments arguments) : arguments_(arguments) {}

  /// About how many there will be.
  void expect(std::size_t count) {
    changes_.reserve(count);
    sweeps_.reserve(count);
  }

  bool makes_arguments() const { return arguments_ == PlanArguments::made; }

  /// `method` is a constant. `make_args()` gives a json::object; it is called where arguments are
  /// wanted.
  template <class MakeArgs>
  Number add(std::string_view method, const MakeArgs& make_args, const Needs& needs) {
    const Number number = add_bare(method, needs);
    if (makes_arguments()) changes_[number].args = make_args();
    return number;
  }
  /// Also needs every machine change made before it.
  template <class MakeArgs>
  Number add_machine(const MakeArgs& make_args, std::string description, const Needs& needs) {
    const Number number = add("addMachines", make_args, needs);
    describe(number, std::move(description));
    follow_machines(number);
    return number;
  }
  void describe(Number number, std::string line) {
    changes_[number].description.push_back(std::move(line));
  }
  /// A unit gets its place after it was created: a machine, or nothing where the machine comes with
  /// the unit; and the unit before it.
  void place(Number unit, std::string description, std::optional<Number> where,
             std::optional<Number> previous);

  /// "$addUnit-7"
  std::string placeholder(Number number) const { return "$" + changes_[number].id(); }

  /// In the order of output: sweeps over what is left, in order of creation, each putting out what
  /// has all its needs put out, in this sweep or before.
  void move_into(Plan& plan);

 private:
  Number add_bare(std::string_view method, const Needs& needs);
  void follow_machines(Number number);
  std::size_t sweep_for(Number number, std::span<const Number> needs) const;

  PlanArguments arguments_;
  std::vector<Change> changes_;
  std::vector<std::size_t> sweeps_;  ///< in which sweep each comes out, from 0
  std::vector<Number> machines_;
  std::size_t last_machine_sweep_ = 0;  ///< the latest sweep of any machine change so far
};

}  // namespace gatehouse::planning
