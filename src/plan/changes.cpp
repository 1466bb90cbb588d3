#include "plan/changes.h"

#include <algorithm>
#include <utility>

namespace gatehouse::planning {

namespace {

/// Where each goes that stands at its number, when they are sorted by sweep and then by number.
std::vector<std::size_t> places_by_sweep(const std::vector<std::size_t>& sweeps) {
  std::vector<std::size_t> next;
  for (const std::size_t sweep : sweeps) {
    if (sweep + 2 > next.size()) next.resize(sweep + 2);
    ++next[sweep + 1];
  }
  for (std::size_t i = 1; i < next.size(); ++i) next[i] += next[i - 1];
  std::vector<std::size_t> places;
  places.reserve(sweeps.size());
  for (const std::size_t sweep : sweeps) places.push_back(next[sweep]++);
  return places;
}

}  // namespace

// A need made before comes out earlier in the same sweep; one made after, in the sweep before.
std::size_t Changes::sweep_for(Number number, std::span<const Number> needs) const {
  std::size_t sweep = 0;
  for (const Number need : needs) {
    sweep = std::max(sweep, need < number ? sweeps_[need] : sweeps_[need] + 1);
  }
  return sweep;
}

Number Changes::add_bare(std::string_view method, const Needs& needs) {
  const Number number = changes_.size();
  sweeps_.push_back(sweep_for(number, {needs.data(), needs.size()}));
  Change& change = changes_.emplace_back();
  change.number = number;
  change.method = method;
  change.needs = needs;
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
  change.description.push_back(std::move(description));
  if (where) {
    change.needs.push_back(*where);
    if (makes_arguments()) change.args["to"] = placeholder(*where);
  }
  if (previous) change.needs.push_back(*previous);
  sweeps_[unit] = sweep_for(unit, {change.needs.data(), change.needs.size()});
}

// In place: a second copy of them all would be most of the memory.
void Changes::move_into(Plan& plan) {
  std::vector<std::size_t> places = places_by_sweep(sweeps_);
  for (std::size_t at = 0; at < places.size(); ++at) {
    while (places[at] != at) {
      const std::size_t to = places[at];
      std::swap(changes_[at], changes_[to]);
      std::swap(places[at], places[to]);
    }
  }
  plan.changes = std::move(changes_);
  plan.machine_changes = std::move(machines_);
}

}  // namespace gatehouse::planning
