#include "plan/changes.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include <fmt/format.h>

namespace gatehouse::planning {

// A need made before comes out earlier in the same sweep; one made after, in the sweep before.
std::size_t Changes::sweep_for(Number number, std::span<const Number> needs) const {
  std::size_t sweep = 0;
  for (const Number need : needs) {
    sweep = std::max(sweep, need < number ? sweeps_[need] : sweeps_[need] + 1);
  }
  return sweep;
}

Number Changes::add_bare(std::string_view method, std::vector<Number> needs) {
  const Number number = changes_.size();
  sweeps_.push_back(sweep_for(number, needs));
  Change& change = changes_.emplace_back();
  change.id = fmt::format("{}-{}", method, number);
  change.method = method;
  change.needs = std::move(needs);
  return number;
}

void Changes::follow_machines(Number number) {
  changes_[number].machine_changes_before = machines_.size();
  sweeps_[number] = std::max(sweeps_[number], last_machine_sweep_);
  last_machine_sweep_ = sweeps_[number];
  machines_.push_back(number);
}

void Changes::place(Number unit, std::string description, std::optional<Number> where,
                    std::optional<Number> previous) {
  Change& change = changes_[unit];
  change.description = {std::move(description)};
  if (where) {
    change.needs.push_back(*where);
    if (arguments_ == PlanArguments::made) change.args["to"] = placeholder(*where);
  }
  if (previous) change.needs.push_back(*previous);
  sweeps_[unit] = sweep_for(unit, change.needs);
}

void Changes::move_into(Plan& plan) {
  std::vector<Number> order(changes_.size());
  std::iota(order.begin(), order.end(), Number{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](Number a, Number b) { return sweeps_[a] < sweeps_[b]; });
  plan.changes.reserve(order.size());
  plan.places.resize(order.size());
  for (const Number number : order) {
    plan.places[number] = plan.changes.size();
    plan.changes.push_back(std::move(changes_[number]));
  }
  plan.machine_changes = std::move(machines_);
  for (std::size_t i = 0; i < plan.machine_changes.size(); ++i) {
    plan.machine_changes_by_id.push_back(i);
  }
  const auto id_of = [&](std::size_t i) -> const std::string& {
    return plan.changes[plan.places[plan.machine_changes[i]]].id;
  };
  std::sort(plan.machine_changes_by_id.begin(), plan.machine_changes_by_id.end(),
            [&](std::size_t a, std::size_t b) { return id_of(a) < id_of(b); });
}

}  // namespace gatehouse::planning
