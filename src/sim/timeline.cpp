#include "sim/timeline.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "sim/chance.h"

namespace gatehouse::sim {
namespace {

int number_of(const std::string& unit_name) {
  const std::string digits = unit_name.substr(unit_name.find('/') + 1);
  int number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

/// Subordinates of one machine share its lock, so their install hooks follow one another.
std::size_t turn_of(const ModelPlan& plan, const LabUnit& unit) {
  std::size_t turn = 1;
  for (const LabUnit& other : plan.units) {
    if (other.principal != unit.principal) continue;
    if (other.name == unit.name) break;
    ++turn;
  }
  return turn;
}

}  // namespace

bool names_application(const std::string& applications, const std::string& application) {
  const std::vector<std::string> globs = split(applications, '|');
  return std::any_of(globs.begin(), globs.end(), [&](const std::string& glob) {
    return glob_matches(trim(glob), application);
  });
}

Timeline::Timeline(const LabWorld& world, const LabModel& model) : world_(world), model_(model) {
  for (const LabModelMachine& machine : model.plan->machines) {
    MachineTimes times;
    times.landed = model.landed(machine.change);
    if (times.landed && !machine.hostname.empty()) {
      times.allocated =
          *times.landed + draw("allocate " + machine.number, book_.machine_allocate());
      const bool fails = world.faults.juju.fails_deployment &&
                         machine.number == model.plan->machines.back().number;
      if (!fails) {
        times.running = *times.allocated + draw("deploy " + machine.number, book_.machine_deploy());
        times.started = *times.running + draw("agent " + machine.number, book_.agent_start());
      }
    }
    places_[machine.number] = times;
  }
  std::map<std::string, Milliseconds> queues;
  for (const LabContainer& container : model.plan->containers) {
    MachineTimes times;
    times.landed = model.landed(container.change);
    const auto host = places_.find(container.machine);
    if (times.landed && host != places_.end() && host->second.started) {
      Milliseconds& queue = queues[container.machine];
      times.allocated = std::max(*times.landed, *host->second.started) + queue;
      queue += draw("stagger " + container.id, book_.container_stagger());
      const bool is_stuck =
          world.faults.juju.has_stuck_container && container.id == model.plan->containers.back().id;
      if (!is_stuck) {
        times.running = *times.allocated + draw("start " + container.id, book_.container_start());
        times.started = *times.running + draw("agent " + container.id, book_.agent_start());
      }
    }
    places_[container.id] = times;
  }
}

MachineTimes Timeline::machine(const std::string& number) const {
  return place(number);
}

MachineTimes Timeline::container(const std::string& id) const {
  return place(id);
}

MachineTimes Timeline::place(const std::string& id) const {
  const auto found = places_.find(id);
  return found == places_.end() ? MachineTimes{} : found->second;
}

Milliseconds Timeline::draw(const std::string& name, const MinuteRange& range) const {
  return chance_between(world_.settings.seed, name, range.least, range.most);
}

std::optional<Moment> Timeline::birth(const LabUnit& unit) const {
  const std::optional<Moment> landed = model_.landed(unit.change);
  if (unit.principal.empty() || !landed) return landed;
  const LabApplication* application = model_.plan->application(unit.application);
  if (application == nullptr || !model_.landed(application->change)) return std::nullopt;
  const MachineTimes times = place(unit.machine);
  if (!times.started) return std::nullopt;
  // The principal's install hook has to end before its relations begin.
  Moment at = std::max(*landed, *times.started);
  for (const ScriptStage& stage : book_.unit_stages()) {
    at += draw(unit.principal + " " + stage.message, stage.length);
  }
  constexpr Milliseconds kBetweenSubordinates{60'000};
  return at + kBetweenSubordinates * static_cast<std::int64_t>(turn_of(*model_.plan, unit));
}

bool Timeline::exists(const LabUnit& unit, Moment now) const {
  const std::optional<Moment> born = birth(unit);
  return born && *born <= now;
}

bool Timeline::is_leader(const LabUnit& unit, Moment now) const {
  if (!exists(unit, now)) return false;
  return std::none_of(model_.plan->units.begin(), model_.plan->units.end(),
                      [&](const LabUnit& other) {
                        return other.application == unit.application &&
                               number_of(other.name) < number_of(unit.name) && exists(other, now);
                      });
}

std::string Timeline::unit_with_hook_error() const {
  if (!world_.faults.juju.has_hook_error) return "";
  std::vector<std::string> principals;
  for (const LabUnit& unit : model_.plan->units) {
    if (unit.principal.empty()) principals.push_back(unit.name);
  }
  return principals.empty() ? "" : principals[principals.size() / 2];
}

std::string Timeline::place_without_dns() const {
  if (!world_.faults.juju.has_container_without_dns) return "";
  if (!model_.plan->containers.empty()) return model_.plan->containers.back().id;
  return model_.plan->machines.empty() ? "" : model_.plan->machines.back().number;
}

void Timeline::append_end(const LabUnit& unit, const Script& script, bool is_leader, Moment at,
                          std::vector<Step>& steps) const {
  const WorldFaults& faults = world_.faults;
  const ScriptEnd& end = script.end_for(is_leader);
  ScriptStage shown{.length = {},
                    .workload = end.workload,
                    .message = end.message,
                    .agent = "idle",
                    .agent_message = ""};
  if (faults.juju.active_applications &&
      names_application(*faults.juju.active_applications, unit.application)) {
    shown.workload = "active";
    shown.message = "Unit is ready";
  }
  if (faults.juju.never_applications &&
      names_application(*faults.juju.never_applications, unit.application)) {
    shown.workload = "blocked";
    shown.message = faults.juju.never_message;
  }
  steps.push_back({at, std::move(shown)});
}

std::vector<Timeline::Step> Timeline::steps_of(const LabUnit& unit, bool is_leader) const {
  std::vector<Step> steps;
  const std::optional<Moment> born = birth(unit);
  const MachineTimes times = place(unit.machine);
  const LabApplication* application = model_.plan->application(unit.application);
  if (!born || application == nullptr) return steps;
  steps.push_back({*born,
                   {.length = {},
                    .workload = "waiting",
                    .message = "waiting for machine",
                    .agent = "allocating",
                    .agent_message = ""}});
  if (!times.started) return steps;
  Moment at = std::max(*born, *times.started);
  for (const ScriptStage& stage : book_.unit_stages()) {
    steps.push_back({at, stage});
    at += draw(unit.name + " " + stage.message, stage.length);
  }
  if (unit.name == unit_with_hook_error()) {
    steps.push_back({at,
                     {.length = {},
                      .workload = "error",
                      .message = "hook failed: \"config-changed\"",
                      .agent = "idle",
                      .agent_message = ""}});
    return steps;
  }
  const Script script = script_from(application->script);
  for (std::size_t i = 0; i < script.stages.size(); ++i) {
    steps.push_back({at, script.stages[i]});
    at += draw(unit.name + " stage " + std::to_string(i), script.stages[i].length);
  }
  append_end(unit, script, is_leader, at, steps);
  return steps;
}

std::optional<UnitState> Timeline::unit(const LabUnit& unit, Moment now) const {
  if (!exists(unit, now)) return std::nullopt;
  UnitState state;
  for (const Step& step : steps_of(unit, is_leader(unit, now))) {
    if (step.begin > now) break;
    const ScriptStage& shown = step.shown;
    if (state.workload != shown.workload || state.message != shown.message) {
      state.workload_since = step.begin;
    }
    if (state.agent != shown.agent || state.agent_message != shown.agent_message) {
      state.agent_since = step.begin;
    }
    state.workload = shown.workload;
    state.message = shown.message;
    state.agent = shown.agent;
    state.agent_message = shown.agent_message;
  }
  return state;
}

}  // namespace gatehouse::sim
