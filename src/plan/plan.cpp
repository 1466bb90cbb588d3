#include "plan/plan.h"

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <numeric>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "input/bundle/names.h"
#include "plan/plan_builder.h"

namespace gatehouse {

namespace planning {

void put(json::object& args, std::string_view key, const std::string& text) {
  if (!text.empty()) args[key] = text;
}

void put_base(json::object& args, const PlannedBase& base) {
  put(args, "base", base.base);
  put(args, "series", base.series);
}

std::string text_of(std::initializer_list<std::string_view> pieces) {
  std::size_t bytes = 0;
  for (const std::string_view piece : pieces) bytes += piece.size();
  std::string text;
  text.reserve(bytes);
  for (const std::string_view piece : pieces) text += piece;
  return text;
}

namespace {

// A few bytes can ask for any number of units; the largest known clouds have some thousand.
constexpr std::size_t kUnitsMax = 60'000;

std::uint64_t units_of(const Bundle& bundle) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
  std::uint64_t units = 0;
  for (const auto& [name, application] : bundle.applications) {
    if (application.num_units <= 0) continue;
    units = std::min(kMost, units + static_cast<std::uint64_t>(application.num_units));
  }
  return units;
}

}  // namespace

State::State(const Bundle& read, PlanArguments arguments) : bundle(read), changes(arguments) {
  applications.reserve(read.applications.size());
  in_natural_order.reserve(read.applications.size());
  by_name_.reserve(read.applications.size());
  for (const auto& [name, application] : read.applications) {
    PlannedOne& planned = applications.emplace_back();
    planned.application = &application;
    in_natural_order.push_back(&planned);
    by_name_.emplace(name, &planned);
  }
  std::stable_sort(in_natural_order.begin(), in_natural_order.end(),
                   [](const auto* a, const auto* b) {
                     return bundle::is_naturally_before(a->application->name, b->application->name);
                   });
}

PlannedOne* State::find(std::string_view application) {
  const auto found = by_name_.find(application);
  return found == by_name_.end() ? nullptr : found->second;
}

Number State::end_of(std::string_view name) {
  // A remote application hides one of the same name, which is refused long before.
  if (const auto offer = offers.find(name); offer != offers.end()) return offer->second;
  const PlannedOne* one = find(name);
  assert(one && "verified: a relation's ends are there");
  return one->deploy;
}

std::vector<std::string> natural_order(std::vector<std::string> names) {
  std::stable_sort(names.begin(), names.end(), [](const std::string& a, const std::string& b) {
    return bundle::is_naturally_before(a, b);
  });
  return names;
}

namespace {

Refusal plan_everything(State& state) {
  if (auto refusal = resolve_charms(state)) return refusal;
  add_applications(state);
  const bool has_machines = !state.bundle.is_kubernetes();
  if (has_machines) {
    if (auto refusal = add_machines(state)) return refusal;
  }
  add_offers(state);
  add_relations(state);
  if (has_machines && units_of(state.bundle) > kUnitsMax) {
    return fmt::format(
        "the bundle asks for more than {} units, which is more than this program plans", kUnitsMax);
  }
  return has_machines ? add_units(state) : std::nullopt;
}

void fill_tables(State& state) {
  Plan& plan = state.plan;
  plan.applications.reserve(state.applications.size());
  for (const PlannedOne& one : state.applications) {
    plan.applications.push_back(
        {one.application->name, one.charm_name(), one.application->channel, one.base->base});
  }
  plan.relations.reserve(state.bundle.relations.size());
  for (const BundleRelation& relation : state.bundle.relations) {
    plan.relations.push_back({relation.first, relation.second});
  }
  // Machine numbers are handed out in order; those without a change of their own lie between.
  std::stable_sort(plan.machines.begin(), plan.machines.end(), [](const auto& a, const auto& b) {
    return a.number.size() != b.number.size() ? a.number.size() < b.number.size()
                                              : a.number < b.number;
  });
  plan.counts.applications = plan.applications.size();
  plan.counts.units = state.bundle.is_kubernetes() ? units_of(state.bundle) : plan.units.size();
  plan.counts.relations = plan.relations.size();
  plan.counts.machines = plan.machines.size();
  plan.counts.containers = plan.containers.size();
  plan.counts.changes = plan.changes.size();
}

}  // namespace

}  // namespace planning

std::variant<Plan, PlanRefusal> compute_plan(const Bundle& bundle, PlanArguments arguments) {
  planning::State state(bundle, arguments);
  if (const auto refusal = planning::plan_everything(state)) {
    return PlanRefusal{"ERROR cannot deploy bundle: " + *refusal};
  }
  state.changes.move_into(state.plan);
  planning::fill_tables(state);
  return std::move(state.plan);
}

std::string Change::id() const {
  return std::string(method) + "-" + std::to_string(number);
}

Requirements::Requirements(const Plan& plan) : plan_(plan), ids_(plan.changes.size()) {
  for (const Change& change : plan.changes) ids_[change.number] = change.id();
  machines_by_id_.resize(plan.machine_changes.size());
  std::iota(machines_by_id_.begin(), machines_by_id_.end(), std::size_t{0});
  std::sort(machines_by_id_.begin(), machines_by_id_.end(), [&](std::size_t a, std::size_t b) {
    return ids_[plan.machine_changes[a]] < ids_[plan.machine_changes[b]];
  });
}

std::vector<std::string_view> Requirements::of(const Change& change) const {
  std::set<std::string_view> own;
  for (const std::size_t number : change.needs) own.insert(ids_[number]);
  std::vector<std::string_view> ids;
  auto next = own.begin();
  const auto add_own_before = [&](std::string_view id) {
    while (next != own.end() && *next < id) ids.push_back(*next++);
    if (next != own.end() && *next == id) ++next;
  };
  if (change.machine_changes_before > 0) {
    for (const std::size_t place : machines_by_id_) {
      if (place >= change.machine_changes_before) continue;
      const std::string& id = ids_[plan_.machine_changes[place]];
      add_own_before(id);
      ids.push_back(id);
    }
  }
  ids.insert(ids.end(), next, own.end());
  return ids;
}

std::size_t requirement_bytes(const Plan& plan) {
  constexpr std::size_t kIdBytes = std::string_view("addMachines-0000").size();
  std::size_t ids = 0;
  for (const Change& change : plan.changes) {
    ids += change.needs.size() + change.machine_changes_before;
  }
  return ids * kIdBytes;
}

std::string dry_run_text(const Plan& plan) {
  if (plan.changes.empty()) return "";
  std::string text = "Changes to deploy bundle:\n";
  constexpr std::size_t kLineBytes = 80;
  text.reserve(plan.changes.size() * kLineBytes);
  for (const Change& change : plan.changes) {
    for (const std::string& line : change.description) {
      text.append("- ").append(line).append(1, '\n');
    }
  }
  return text;
}

json::object to_json(const PlanCounts& counts) {
  return {{"applications", counts.applications}, {"units", counts.units},
          {"relations", counts.relations},       {"machines", counts.machines},
          {"containers", counts.containers},     {"changes", counts.changes}};
}

json::object to_json(const Plan& plan) {
  const Requirements requirements(plan);
  json::array changes;
  for (const Change& change : plan.changes) {
    const auto required = requirements.of(change);
    changes.push_back(
        {{"id", change.id()},
         {"method", change.method},
         {"args", change.args},
         {"requires", json::array(required.begin(), required.end())},
         {"description", json::array(change.description.begin(), change.description.end())}});
  }
  return {{"changes", std::move(changes)}, {"counts", to_json(plan.counts)}};
}

}  // namespace gatehouse
