#include <algorithm>
#include <map>
#include <set>
#include <string>
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
constexpr std::size_t kConstraintBytesMax = 64U << 20U;

// Where a unit goes.
struct Place {
  std::string machine;      // The number of the machine at the bottom of it.
  std::string description;  // "new machine 0" or "0/lxd/1".
  std::string container;    // "0/lxd/1"; "" where the unit stands on the machine itself.
  std::string directive;    // Shown where a unit or an application was the target.
  std::optional<Number> change;
};

struct UnitState {
  Number change = 0;
  Place place;
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
  explicit UnitPlanner(State& state) : state_(state) {}

  Refusal run() {
    create_units();
    if (auto refusal = place_in_passes()) return refusal;
    fill_units();
    return std::nullopt;
  }

 private:
  void create_units() {
    for (const BundleApplication* application : state_.applications) {
      const Number deploy = state_.ends.at(application->name);
      const auto count = application->num_units;
      std::vector<UnitState>& units = units_[application->name];
      for (std::int64_t i = 0; i < count; ++i) {
        const auto args = [&] {
          return json::object{{"application", state_.changes.placeholder(deploy)}};
        };
        units.push_back({state_.changes.add("addUnit", args, {deploy}), {}});
      }
    }
  }

  // The applications that stand in the `to` of one.
  std::set<std::string> targets_of(const BundleApplication& application) const {
    std::set<std::string> targets;
    for (const auto& directive : application.to) {
      const auto placement = bundle::parse_placement(directive.value);
      if (placement && !placement->application.empty()) targets.insert(placement->application);
    }
    return targets;
  }

  // Juju passes over what is not placed yet, in byte order; within a pass, an application that
  // waits for a later one is left for the next. So each has its pass: that of its latest target, or
  // the one after where the target comes later in byte order.
  Refusal place_in_passes() {
    std::map<std::string_view, Waiting> waiting;
    for (const auto& [name, application] : state_.bundle.applications) {
      for (const std::string& target : targets_of(application)) {
        const auto found = state_.bundle.applications.find(target);
        if (found == state_.bundle.applications.end()) continue;
        waiting[found->first].followers.push_back(name);
        ++waiting[name].targets_left;
      }
    }
    std::vector<std::pair<std::size_t, std::string_view>> order;
    for (const auto& [name, application] : state_.bundle.applications) {
      const auto found = waiting.find(name);
      if (found == waiting.end() || found->second.targets_left == 0) order.emplace_back(0, name);
    }
    for (std::size_t next = 0; next < order.size(); ++next) release(waiting, order, order[next]);
    std::sort(order.begin(), order.end());
    for (const auto& [pass, name] : order) {
      const auto& application = state_.bundle.applications.at(std::string(name));
      if (auto refusal = place_units(application)) return refusal;
    }
    return order.size() == state_.bundle.applications.size() ? std::nullopt : cycle_in(waiting);
  }

  // An application in the order of placement.
  struct Waiting {
    std::vector<std::string_view> followers;
    std::size_t targets_left = 0;
    std::size_t pass = 0;
  };

  static void release(std::map<std::string_view, Waiting>& waiting,
                      std::vector<std::pair<std::size_t, std::string_view>>& order,
                      std::pair<std::size_t, std::string_view> placed) {
    const auto& [pass, name] = placed;
    const auto found = waiting.find(name);
    if (found == waiting.end()) return;
    for (const std::string_view follower : found->second.followers) {
      Waiting& next = waiting.at(follower);
      next.pass = std::max(next.pass, name < follower ? pass : pass + 1);
      if (--next.targets_left == 0) order.emplace_back(next.pass, follower);
    }
  }

  static Refusal cycle_in(const std::map<std::string_view, Waiting>& waiting) {
    std::vector<std::string> names;
    for (const auto& [name, state] : waiting) {
      if (state.targets_left > 0) names.emplace_back(name);
    }
    return "cycle in placement directives for: " + join(names, ", ");
  }

  // What repeats when there are more units than directives: "new" or a bare application.
  std::string last_directive(const BundleApplication& application) const {
    if (application.to.empty()) return "";
    const std::string& last = application.to.back().value;
    const auto placement = bundle::parse_placement(last);
    const bool repeats = placement && (placement->is_new() ||
                                       (!placement->application.empty() && placement->unit == -1));
    return repeats ? last : "";
  }

  Refusal place_units(const BundleApplication& application) {
    const std::string repeated = last_directive(application);
    std::optional<Number> previous;
    std::vector<UnitState>& units = units_[application.name];
    for (std::size_t i = 0; i < units.size(); ++i) {
      const std::string directive = i < application.to.size() ? application.to[i].value : repeated;
      auto place = place_for(application, directive);
      if (refusal_) return refusal_;
      std::string line = fmt::format(
          "add unit {}/{} to {}", application.name, i,
          place.description.empty() ? "new machine " + place.machine : place.description);
      if (!place.directive.empty()) line += fmt::format(" to satisfy [{}]", place.directive);
      state_.changes.place(units[i].change, std::move(line), place.change, previous);
      previous = units[i].change;
      units[i].place = std::move(place);
    }
    return std::nullopt;
  }

  Place place_for(const BundleApplication& application, const std::string& directive) {
    const auto placement = directive.empty() ? std::nullopt : bundle::parse_placement(directive);
    if (!placement) return machine_of_its_own();
    if (placement->is_new()) return new_machine(application, placement->container);
    if (!placement->machine.empty()) return bundle_machine(application, *placement);
    if (placement->unit >= 0) return beside_unit(application, *placement, directive);
    return beside_application(application, *placement, directive);
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

  json::object machine_args(const BundleApplication& application, const std::string& container,
                            const std::string& constraints) {
    json::object args;
    put(args, "container-type", container);
    put(args, "constraints", constraints);
    put_base(args, state_.bases.at(application.name));
    return args;
  }

  std::string next_container(const std::string& machine, const std::string& type) {
    const std::string prefix = machine + "/" + type + "/";
    return prefix + std::to_string(containers_[prefix]++);
  }

  Place new_machine(const BundleApplication& application, const std::string& container) {
    Place place;
    place.machine = state_.take_machine_number();
    place.description = "new machine " + place.machine;
    std::string line = "add new machine " + place.machine;
    const std::string& constraints = constraints_of(application);
    state_.plan.machines.push_back({place.machine, "", container.empty() ? constraints : ""});
    if (!container.empty()) {
      place.container = next_container(place.machine, container);
      place.description = place.container;
      line = fmt::format("add {} container {} on new machine {}", container, place.container,
                         place.machine);
      state_.plan.containers.push_back({place.container, container, place.machine});
    }
    const auto args = [&] { return machine_args(application, container, constraints); };
    place.change = state_.changes.add_machine(args, std::move(line), {});
    return place;
  }

  Place container_on(const BundleApplication& application, const std::string& machine,
                     Number parent, const std::string& type) {
    Place place;
    place.machine = machine;
    place.container = next_container(machine, type);
    place.description = place.container;
    const std::string& constraints = constraints_of(application);
    const auto args = [&] {
      json::object made = machine_args(application, type, constraints);
      made["parent-id"] = state_.changes.placeholder(parent);
      return made;
    };
    place.change = state_.changes.add_machine(
        args, fmt::format("add {} container {} on new machine {}", type, place.container, machine),
        {parent});
    state_.plan.containers.push_back({place.container, type, machine});
    return place;
  }

  Place bundle_machine(const BundleApplication& application, const Placement& placement) {
    const Number change = state_.machines.at(placement.machine);
    const std::string& number = state_.machine_numbers.at(placement.machine);
    if (!placement.container.empty()) {
      return container_on(application, number, change, placement.container);
    }
    return {number, "new machine " + number, "", "", change};
  }

  Place beside(const BundleApplication& application, const UnitState& other,
               const Placement& placement, const std::string& directive) {
    Place place;
    if (!placement.container.empty()) {
      // A sibling on the machine, never nested.
      place = container_on(application, other.place.machine, other.change, placement.container);
    } else {
      place = other.place;
      if (place.description.empty()) place.description = "new machine " + place.machine;
      place.change = other.change;
    }
    place.directive = directive;
    return place;
  }

  Place beside_unit(const BundleApplication& application, const Placement& placement,
                    const std::string& directive) {
    const std::vector<UnitState>& others = units_[placement.application];
    const auto index = static_cast<std::size_t>(placement.unit);
    if (index >= others.size()) return new_machine(application, placement.container);
    return beside(application, others[index], placement, directive);
  }

  // Each pair of applications uses the target's units up, whatever the container asked for.
  Place beside_application(const BundleApplication& application, const Placement& placement,
                           const std::string& directive) {
    const std::vector<UnitState>& others = units_[placement.application];
    std::size_t& used = used_[{application.name, placement.application}];
    if (used >= others.size()) return machine_of_its_own();
    return beside(application, others[used++], placement, directive);
  }

  void fill_units() {
    for (const auto& [name, units] : units_) {
      for (std::size_t i = 0; i < units.size(); ++i) {
        const Place& place = units[i].place;
        state_.plan.units.push_back({fmt::format("{}/{}", name, i), name,
                                     place.container.empty() ? place.machine : place.container});
      }
    }
  }

  State& state_;
  std::map<std::string, std::vector<UnitState>> units_;
  std::map<const BundleApplication*, FoldedConstraints> folded_;
  std::size_t constraint_bytes_ = 0;
  std::map<std::string, std::size_t> containers_;
  std::map<std::pair<std::string, std::string>, std::size_t> used_;
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
    state.machines[id] = change;
    state.machine_numbers[id] = number;
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
