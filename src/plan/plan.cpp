#include "plan/plan.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <set>
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

State::State(const Bundle& read, PlanArguments arguments) : bundle(read), changes(arguments) {
  for (const auto& [name, application] : read.applications) applications.push_back(&application);
  std::stable_sort(applications.begin(), applications.end(), [](const auto* a, const auto* b) {
    return bundle::is_naturally_before(a->name, b->name);
  });
}

std::vector<std::string> natural_order(std::vector<std::string> names) {
  std::stable_sort(names.begin(), names.end(), [](const std::string& a, const std::string& b) {
    return bundle::is_naturally_before(a, b);
  });
  return names;
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
  for (const auto& [name, application] : state.bundle.applications) {
    const auto charm = state.charms.find(name);
    plan.applications.push_back(
        {name, charm == state.charms.end() ? application.charm : charm->second.name,
         application.channel, state.bases.at(name).base});
  }
  for (const BundleRelation& relation : state.bundle.relations) {
    plan.relations.push_back({relation.first, relation.second});
  }
  // Machine numbers are handed out in order; those without a change of their own lie between.
  std::stable_sort(plan.machines.begin(), plan.machines.end(), [](const auto& a, const auto& b) {
    return std::stoul(a.number) < std::stoul(b.number);
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

std::vector<std::string> requirements_of(const Plan& plan, const Change& change) {
  const auto id_of = [&](std::size_t number) -> const std::string& {
    return plan.changes[plan.places[number]].id;
  };
  std::set<std::string_view> own;
  for (const std::size_t number : change.needs) own.insert(id_of(number));
  std::vector<std::string> ids;
  auto next = own.begin();
  const auto add_own_before = [&](std::string_view id) {
    while (next != own.end() && *next < id) ids.emplace_back(*next++);
    if (next != own.end() && *next == id) ++next;
  };
  if (change.machine_changes_before > 0) {
    for (const std::size_t place : plan.machine_changes_by_id) {
      if (place >= change.machine_changes_before) continue;
      const std::string& id = id_of(plan.machine_changes[place]);
      add_own_before(id);
      ids.push_back(id);
    }
  }
  ids.insert(ids.end(), next, own.end());
  return ids;
}

std::string dry_run_text(const Plan& plan) {
  if (plan.changes.empty()) return "";
  std::string text = "Changes to deploy bundle:\n";
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
  json::array changes;
  for (const Change& change : plan.changes) {
    const auto required = requirements_of(plan, change);
    changes.push_back(
        {{"id", change.id},
         {"method", change.method},
         {"args", change.args},
         {"requires", json::array(required.begin(), required.end())},
         {"description", json::array(change.description.begin(), change.description.end())}});
  }
  return {{"changes", std::move(changes)}, {"counts", to_json(plan.counts)}};
}

}  // namespace gatehouse
