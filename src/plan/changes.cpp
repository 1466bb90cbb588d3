#include "plan/changes.h"

#include <algorithm>
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

Number Changes::add(std::string method, json::object args, std::vector<std::string> description,
                    std::vector<Number> needs) {
  const Number number = changes_.size();
  sweeps_.push_back(sweep_for(number, needs));
  Change change;
  change.id = fmt::format("{}-{}", method, number);
  change.method = std::move(method);
  change.args = std::move(args);
  change.description = std::move(description);
  change.needs = std::move(needs);
  changes_.push_back(std::move(change));
  return number;
}

Number Changes::add_machine(json::object args, std::string description, std::vector<Number> needs) {
  const Number number =
      add("addMachines", std::move(args), {std::move(description)}, std::move(needs));
  changes_[number].machine_changes_before = machines_.size();
  sweeps_[number] = std::max(sweeps_[number], last_machine_sweep_);
  last_machine_sweep_ = sweeps_[number];
  machines_.push_back(number);
  return number;
}

void Changes::place(Number unit, std::string description, const std::vector<Number>& needs) {
  Change& change = changes_[unit];
  change.description = {std::move(description)};
  change.needs.insert(change.needs.end(), needs.begin(), needs.end());
  sweeps_[unit] = sweep_for(unit, change.needs);
}

void Changes::move_into(Plan& plan) {
  std::vector<Number> order(changes_.size());
  for (Number number = 0; number < order.size(); ++number) {
    order[number] = number;
    plan.ids.push_back(changes_[number].id);
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](Number a, Number b) { return sweeps_[a] < sweeps_[b]; });
  plan.changes.reserve(order.size());
  for (const Number number : order) plan.changes.push_back(std::move(changes_[number]));
  plan.machine_changes = std::move(machines_);
  for (std::size_t i = 0; i < plan.machine_changes.size(); ++i) {
    plan.machine_changes_by_id.push_back(i);
  }
  const auto id_of = [&](std::size_t i) -> const std::string& {
    return plan.ids[plan.machine_changes[i]];
  };
  std::sort(plan.machine_changes_by_id.begin(), plan.machine_changes_by_id.end(),
            [&](std::size_t a, std::size_t b) { return id_of(a) < id_of(b); });
}

}  // namespace gatehouse::planning
