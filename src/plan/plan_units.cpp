#include <algorithm>
#include <cassert>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "input/bundle/go_text.h"
#include "input/bundle/names.h"
#include "plan/plan_builder.h"

namespace gatehouse::planning {

using bundle::Placement;

namespace {

// Each machine and container carries its own copy.
constexpr std::size_t kConstraintBytesMax = 32U << 20U;

// Where a unit goes.
struct Place {
  std::string machine;         // The number of the machine at the bottom of it.
  std::string container;       // "0/lxd/1"; "" where the unit stands on the machine itself.
  std::string_view directive;  // Shown where a unit or an application was the target.
  std::optional<Number> change;
};

struct UnitState {
  Number change = 0;
  Place place;
};

// An application's directives, read once, and its units.
struct Placing {
  const PlannedOne* one = nullptr;
  std::vector<std::optional<Placement>> to;
  std::vector<UnitState> units;
};

// Bound spaces become constraints of a container or of a machine made for one unit, which also puts
// the others in order.
struct FoldedConstraints {
  std::string text;
  std::string refusal;
};

FoldedConstraints fold_spaces(const BundleApplication& application) {
  const std::string& given = application.constraints.value;
  std::set<std::string> wanted, unwanted;
  for (const auto& [endpoint, space] : application.bindings) wanted.insert(space.value);
  if (wanted.empty()) return {given, ""};
  std::map<std::string, std::string> values;
  std::vector<std::string> keys;
  const std::vector<std::string> words =
      given.empty() ? std::vector<std::string>{} : split(given, ' ');
  for (const std::string& word : words) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos) {
      return {"", fmt::format("invalid constraint: {} {} {}", bundle::go_quote(word),
                              bundle::go_quote(given), words.size())};
    }
    const std::string key = word.substr(0, equals);
    values[key] = word.substr(equals + 1);
    if (key != "spaces") keys.push_back(key);
  }
  const std::vector<std::string> spaces =
      values["spaces"].empty() ? std::vector<std::string>{} : split(values["spaces"], ',');
  for (const std::string& space : spaces) {
    if (!space.starts_with('^')) {
      wanted.insert(space);
    } else if (wanted.contains(space.substr(1))) {
      return {"", fmt::format("space {} is required but it's forbidden by constraint",
                              bundle::go_quote(space.substr(1)))};
    } else {
      unwanted.insert(space);
    }
  }
  std::vector<std::string> all(wanted.begin(), wanted.end());
  all.insert(all.end(), unwanted.begin(), unwanted.end());
  std::string text = "spaces=" + join(natural_order(std::move(all)), ",");
  for (const std::string& key : natural_order(std::move(keys)))
    text += " " + key + "=" + values[key];
  return {text, ""};
}

// Creates the units and finds their places.
class UnitPlanner {
 public:
  explicit UnitPlanner(State& state) : state_(state), placings_(state.applications.size()) {
    for (std::size_t i = 0; i < placings_.size(); ++i) {
      Placing& placing = placings_[i];
      placing.one = &state.applications[i];
      for (const auto& directive : application_of(placing).to) {
        placing.to.push_back(bundle::parse_placement(directive.value));
      }
    }
  }

  Refusal run() {
    create_units();
    if (auto refusal = place_in_passes()) return refusal;
    fill_units();
    return std::nullopt;
  }

 private:
  static const BundleApplication& application_of(const Placing& placing) {
    return *placing.one->application;
  }
  /// nullptr where the bundle has no application of that name.
  Placing* find(std::string_view name) {
    const PlannedOne* one = state_.find(name);
    return one ? &placings_[static_cast<std::size_t>(one - state_.applications.data())] : nullptr;
  }

  void create_units() {
    for (const PlannedOne* one : state_.in_natural_order) {
      Placing& placing = placings_[static_cast<std::size_t>(one - state_.applications.data())];
      const auto count = one->application->num_units;
      if (count > 0) placing.units.reserve(static_cast<std::size_t>(count));
      for (std::int64_t i = 0; i < count; ++i) {
        const auto args = [&] {
          return json::object{{"application", state_.changes.placeholder(one->deploy)}};
        };
        placing.units.push_back({state_.changes.add("addUnit", args, {one->deploy}), {}});
      }
    }
  }

  // The applications that stand in the `to` of one, each once.
  std::vector<Placing*> targets_of(const Placing& placing) {
    std::vector<Placing*> targets;
    for (const auto& placement : placing.to) {
      if (!placement || placement->application.empty()) continue;
      if (Placing* target = find(placement->application)) targets.push_back(target);
    }
    std::sort(targets.begin(), targets.end());
    targets.erase(std::unique(targets.begin(), targets.end()), targets.end());
    return targets;
  }

  // Juju passes over what is not placed yet, in byte order; within a pass, an application that
  // waits for a later one is left for the next. So each has its pass: that of its latest target, or
  // the one after where the target comes later in byte order. The placings lie in byte order.
  Refusal place_in_passes() {
    std::vector<Waiting> waiting(placings_.size());
    for (Placing& placing : placings_) {
      for (const Placing* target : targets_of(placing)) {
        waiting[index_of(*target)].followers.push_back(index_of(placing));
        ++waiting[index_of(placing)].targets_left;
      }
    }
    std::vector<std::pair<std::size_t, std::size_t>> order;  // Pass and place.
    for (std::size_t i = 0; i < waiting.size(); ++i) {
      if (waiting[i].targets_left == 0) order.emplace_back(0, i);
    }
    for (std::size_t next = 0; next < order.size(); ++next) release(waiting, order, order[next]);
    std::sort(order.begin(), order.end());
    for (const auto& [pass, index] : order) {
      if (auto refusal = place_units(placings_[index])) return refusal;
    }
    return order.size() == placings_.size() ? std::nullopt : cycle_in(waiting);
  }

  // An application in the order of placement.
  struct Waiting {
    std::vector<std::size_t> followers;
    std::size_t targets_left = 0;
    std::size_t pass = 0;
  };

  std::size_t index_of(const Placing& placing) const {
    return static_cast<std::size_t>(&placing - placings_.data());
  }

  static void release(std::vector<Waiting>& waiting,
                      std::vector<std::pair<std::size_t, std::size_t>>& order,
                      std::pair<std::size_t, std::size_t> placed) {
    const auto& [pass, index] = placed;
    for (const std::size_t follower : waiting[index].followers) {
      Waiting& next = waiting[follower];
      next.pass = std::max(next.pass, index < follower ? pass : pass + 1);
      if (--next.targets_left == 0) order.emplace_back(next.pass, follower);
    }
  }

  Refusal cycle_in(const std::vector<Waiting>& waiting) const {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < waiting.size(); ++i) {
      if (waiting[i].targets_left > 0) names.push_back(application_of(placings_[i]).name);
    }
    return "cycle in placement directives for: " + join(names, ", ");
  }

  // What repeats when there are more units than directives: "new" or a bare application.
  static bool repeats_last(const Placing& placing) {
    if (placing.to.empty() || !placing.to.back()) return false;
    const Placement& last = *placing.to.back();
    return last.is_new() || (!last.application.empty() && last.unit == -1);
  }

  Refusal place_units(Placing& placing) {
    const BundleApplication& application = application_of(placing);
    const std::size_t directives = placing.to.size();
    const bool repeats = repeats_last(placing);
    std::optional<Number> previous;
    for (std::size_t i = 0; i < placing.units.size(); ++i) {
      UnitState& unit = placing.units[i];
      const bool is_directed = i < directives || repeats;
      unit.place =
          is_directed ? place_for(placing, std::min(i, directives - 1)) : machine_of_its_own();
      if (refusal_) return refusal_;
      const Place& place = unit.place;
      const bool is_satisfying = !place.directive.empty();
      std::string line = text_of({"add unit ", application.name, "/", std::to_string(i), " to ",
                                  place.container.empty() ? "new machine " : "",
                                  place.container.empty() ? place.machine : place.container,
                                  is_satisfying ? " to satisfy [" : "", place.directive,
                                  is_satisfying ? "]" : ""});
      state_.changes.place(unit.change, std::move(line), place.change, previous);
      previous = unit.change;
    }
    return std::nullopt;
  }

  Place place_for(const Placing& placing, std::size_t directive) {
    const auto& placement = placing.to[directive];
    if (!placement) return machine_of_its_own();
    if (placement->is_new()) return new_machine(placing, placement->container);
    if (!placement->machine.empty()) return bundle_machine(placing, *placement);
    const std::string_view text = application_of(placing).to[directive].value;
    if (placement->unit >= 0) return beside_unit(placing, *placement, text);
    return beside_application(placing, *placement, text);
  }

  // The machine comes with the unit: it has a number and no change.
  Place machine_of_its_own() {
    Place place;
    place.machine = state_.take_machine_number();
    state_.plan.machines.push_back({place.machine, "", ""});
    return place;
  }

  // Of a machine or container for one unit.
  const std::string& constraints_of(const BundleApplication& application) {
    const auto [folded, is_new] = folded_.try_emplace(&application);
    if (is_new) folded->second = fold_spaces(application);
    if (!folded->second.refusal.empty()) refusal_ = folded->second.refusal;
    constraint_bytes_ += folded->second.text.size();
    if (constraint_bytes_ > kConstraintBytesMax) {
      refusal_ = "the constraints of all units together are longer than this program plans";
    }
    return folded->second.text;
  }

  // Of a container: bound spaces alone can neither be refused nor, without arguments, be seen.
  const std::string& shown_constraints_of(const BundleApplication& application) {
    const bool is_needed =
        state_.changes.makes_arguments() || !application.constraints.value.empty();
    return is_needed ? constraints_of(application) : application.constraints.value;
  }

  static json::object machine_args(const Placing& placing, std::string_view container,
                                   const std::string& constraints) {
    json::object args;
    put(args, "container-type", std::string(container));
    put(args, "constraints", constraints);
    put_base(args, *placing.one->base);
    return args;
  }

  std::string next_container(std::string_view machine, std::string_view type) {
    std::string id = text_of({machine, "/", type, "/"});
    const std::size_t number = containers_[id]++;
    return id += std::to_string(number);
  }

  Place new_machine(const Placing& placing, std::string_view container) {
    Place place;
    place.machine = state_.take_machine_number();
    std::string line = "add new machine " + place.machine;
    const std::string& constraints = constraints_of(application_of(placing));
    state_.plan.machines.push_back({place.machine, "", container.empty() ? constraints : ""});
    if (!container.empty()) {
      place.container = next_container(place.machine, container);
      line = container_line(container, place);
      state_.plan.containers.push_back({place.container, std::string(container), place.machine});
    }
    const auto args = [&] { return machine_args(placing, container, constraints); };
    place.change = state_.changes.add_machine(args, std::move(line), {});
    return place;
  }

  static std::string container_line(std::string_view type, const Place& place) {
    return text_of(
        {"add ", type, " container ", place.container, " on new machine ", place.machine});
  }

  Place container_on(const Placing& placing, const std::string& machine, Number parent,
                     std::string_view type) {
    Place place;
    place.machine = machine;
    place.container = next_container(machine, type);
    const std::string& constraints = shown_constraints_of(application_of(placing));
    const auto args = [&] {
      json::object made = machine_args(placing, type, constraints);
      made["parent-id"] = state_.changes.placeholder(parent);
      return made;
    };
    place.change = state_.changes.add_machine(args, container_line(type, place), {parent});
    state_.plan.containers.push_back({place.container, std::string(type), machine});
    return place;
  }

  Place bundle_machine(const Placing& placing, const Placement& placement) {
    const auto machine = state_.machines.find(placement.machine);
    assert(machine != state_.machines.end() && "verified: the machine is there");
    const auto& [change, number] = machine->second;
    if (!placement.container.empty()) {
      return container_on(placing, number, change, placement.container);
    }
    return {number, "", "", change};
  }

  Place beside(const Placing& placing, const UnitState& other, const Placement& placement,
               std::string_view directive) {
    Place place;
    if (!placement.container.empty()) {
      // A sibling on the machine, never nested.
      place = container_on(placing, other.place.machine, other.change, placement.container);
    } else {
      place = other.place;
      place.change = other.change;
    }
    place.directive = directive;
    return place;
  }

  Place beside_unit(const Placing& placing, const Placement& placement,
                    std::string_view directive) {
    const Placing* target = find(placement.application);
    const auto index = static_cast<std::size_t>(placement.unit);
    if (!target || index >= target->units.size()) {
      return new_machine(placing, placement.container);
    }
    return beside(placing, target->units[index], placement, directive);
  }

  // Each pair of applications uses the target's units up, whatever the container asked for.
  Place beside_application(const Placing& placing, const Placement& placement,
                           std::string_view directive) {
    const Placing* target = find(placement.application);
    if (!target) return machine_of_its_own();
    std::size_t& used = used_[{&placing, target}];
    if (used >= target->units.size()) return machine_of_its_own();
    return beside(placing, target->units[used++], placement, directive);
  }

  void fill_units() {
    for (const Placing& placing : placings_) {
      const std::string& name = application_of(placing).name;
      for (std::size_t i = 0; i < placing.units.size(); ++i) {
        const Place& place = placing.units[i].place;
        state_.plan.units.push_back({text_of({name, "/", std::to_string(i)}), name,
                                     place.container.empty() ? place.machine : place.container});
      }
    }
  }

  State& state_;
  std::vector<Placing> placings_;  // By name, in byte order, as the state's applications.
  std::unordered_map<const BundleApplication*, FoldedConstraints> folded_;
  std::size_t constraint_bytes_ = 0;
  std::unordered_map<std::string, std::size_t> containers_;
  std::map<std::pair<const Placing*, const Placing*>, std::size_t> used_;
  Refusal refusal_;
};

}  // namespace

Refusal add_machines(State& state) {
  std::vector<std::string> ids;
  for (const auto& [id, machine] : state.bundle.machines) ids.push_back(id);
  for (const std::string& id : natural_order(std::move(ids))) {
    const BundleMachine& machine = state.bundle.machines.at(id);
    bundle::Parsed<bundle::Base> base;
    if (!machine.base.empty()) {
      base = bundle::parse_base(machine.base);
    } else if (!machine.series.empty()) {
      base = bundle::base_of_series(machine.series);
    }
    if (!base) return base.error;
    PlannedBase planned = state.default_base;
    if (!base.value.is_empty()) {
      planned = {bundle::to_string(base.value), bundle::series_of_base(base.value).value};
    }
    const auto args = [&] {
      json::object made;
      put(made, "constraints", machine.constraints.value);
      put_base(made, planned);
      return made;
    };
    const std::string number = state.take_machine_number();
    std::string line = "add new machine " + number;
    if (number != id) line += fmt::format(" (bundle machine {})", id);
    const Number change = state.changes.add_machine(args, std::move(line), {});
    state.machines[id] = {change, number};
    state.plan.machines.push_back({number, id, machine.constraints.value});
    if (machine.annotations.empty()) continue;
    const auto annotations = [&] {
      json::object texts;
      for (const auto& [key, text] : machine.annotations) texts[key] = text;
      return json::object{{"id", state.changes.placeholder(change)},
                          {"entity-type", "machine"},
                          {"annotations", std::move(texts)}};
    };
    const Number annotate = state.changes.add("setAnnotations", annotations, {change});
    state.changes.describe(annotate, "set annotations for new machine " + number);
  }
  return std::nullopt;
}

Refusal add_units(State& state) {
  return UnitPlanner(state).run();
}

}  // namespace gatehouse::planning
