#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "gates/checks.h"

namespace gatehouse {

namespace {

bool declares_placement(const Inputs& inputs) {
  const PlanExpectations& plan = inputs.site.plan;
  return !plan.machine_numbers.empty() || !plan.placement.empty();
}

const PlannedMachine* find_machine(const Plan& plan, const std::string& number) {
  for (const PlannedMachine& machine : plan.machines) {
    if (machine.number == number) return &machine;
  }
  return nullptr;
}

// "8" for a machine of the bundle, "lxd:8" for a container on it: the words of a bundle's `to`.
std::string place_of(const Plan& plan, const PlannedUnit& unit) {
  const std::vector<std::string> parts = split(unit.machine, '/');
  const PlannedMachine* machine = find_machine(plan, parts.front());
  const bool is_named = machine && !machine->bundle_id.empty();
  const std::string place =
      is_named ? machine->bundle_id : fmt::format("new machine {}", parts.front());
  return parts.size() > 1 ? fmt::format("{}:{}", parts[1], place) : place;
}

// "9" before "10".
void sort_places(std::vector<std::string>& places) {
  std::sort(places.begin(), places.end(), [](const std::string& a, const std::string& b) {
    return std::pair(a.size(), std::string_view(a)) < std::pair(b.size(), std::string_view(b));
  });
}

void judge_numbers(const Case& c, const Plan& plan, std::vector<Check>& checks) {
  for (const auto& [bundle_id, number] : c.inputs.site.plan.machine_numbers) {
    std::string observed = "not in the plan";
    for (const PlannedMachine& machine : plan.machines) {
      if (machine.bundle_id == bundle_id) observed = machine.number;
    }
    checks.push_back(expect_equal(
        fmt::format("number of bundle machine {} in the model", bundle_id), number, observed));
  }
}

void judge_units(const Case& c, const Plan& plan, std::vector<Check>& checks) {
  for (auto [application, expected] : c.inputs.site.plan.placement) {
    std::vector<std::string> observed;
    for (const PlannedUnit& unit : plan.units) {
      if (unit.application == application) observed.push_back(place_of(plan, unit));
    }
    sort_places(expected);
    sort_places(observed);
    Check check{.subject = "machines of " + application,
                .expected = listed(expected, expected.size()),
                .observed = listed(observed, observed.size()),
                .ruling = expected == observed ? Ruling::pass : Ruling::fail};
    const Bundle* bundle = c.inputs.bundle();
    const BundleApplication* found = bundle ? bundle->find(application) : nullptr;
    checks.push_back(placed(std::move(check), found ? found->span : Span{}));
  }
}

Verdict judge_placement(const Case& c) {
  std::vector<Check> checks;
  if (!declares_placement(c.inputs)) return conclude({});
  const Plan* plan = require_plan(c, checks);
  if (!plan) return conclude(std::move(checks));
  judge_numbers(c, *plan, checks);
  judge_units(c, *plan, checks);
  return conclude(std::move(checks));
}

}  // namespace

extern const Gate placement_gate;
const Gate placement_gate{
    .id = "placement",
    .question =
        "Do the units sit on the machines that the site declares for them, and nowhere "
        "else?",
    .source = "phase 01, step 1.2, gate",
    .applies = declares_placement,
    .judge = judge_placement,
};

}  // namespace gatehouse
