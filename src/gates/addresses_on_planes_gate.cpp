#include <fmt/format.h>

#include "gates/checks.h"
#include "gates/model_units.h"

namespace gatehouse {

namespace {

constexpr FactKey kAddressesOnPlanesNeeds[] = {FactKey::model_status};

/// One line of `bindings`: which endpoint of which application belongs on which plane.
struct Binding {
  std::string application;
  std::string endpoint;  ///< "" for the default
  const Plane* plane = nullptr;
  Span span;
};

bool declares_bindings(const Inputs& inputs) {
  return !inputs.site.bindings.empty();
}

std::string in_words(const Binding& binding) {
  return binding.endpoint.empty() ? binding.application + " (default binding)"
                                  : fmt::format("{}:{}", binding.application, binding.endpoint);
}

// Interfaces first; some shapes of a status name the addresses of a machine only.
std::vector<std::string> addresses_of(const MachineStatus& machine) {
  std::vector<std::string> addresses;
  for (const auto& [name, interface] : machine.interfaces) {
    addresses.insert(addresses.end(), interface.addresses.begin(), interface.addresses.end());
  }
  return addresses.empty() ? machine.addresses : addresses;
}

Check judge_unit(const Binding& binding, const UnitStatus& unit, const ModelStatus& status) {
  const std::string subject = fmt::format("{}, unit {}", in_words(binding), unit.name);
  const std::string expected = "an address in " + in_words(*binding.plane);
  const auto machine = status.machines.find(unit.machine);
  if (machine == status.machines.end()) {
    return unknown(subject, expected, fmt::format("its machine {} is not shown", unit.machine));
  }
  const std::vector<std::string> addresses = addresses_of(machine->second);
  if (addresses.empty()) {
    return unknown(subject, expected, fmt::format("machine {} has no address yet", unit.machine));
  }
  for (const std::string& text : addresses) {
    const auto address = parse_ipv4(text);
    if (address && binding.plane->cidr.contains(*address)) return passed(subject, expected, text);
  }
  return failed(subject, expected, listed(addresses),
                "a binding of a deployed application moves by: juju bind");
}

void judge_space(const Binding& binding, const ApplicationStatus& application,
                 std::vector<Check>& checks) {
  auto bound = application.endpoint_bindings.find(binding.endpoint);
  // An endpoint that is not listed follows the default, whose name is empty.
  if (bound == application.endpoint_bindings.end()) bound = application.endpoint_bindings.find("");
  if (bound == application.endpoint_bindings.end()) {
    checks.push_back(unknown(in_words(binding) + ", space", binding.plane->space,
                             "the status tells no space of this endpoint"));
    return;
  }
  checks.push_back(
      expect_equal(in_words(binding) + ", space", binding.plane->space, bound->second));
}

void judge_binding(const Case& c, const Binding& binding, const ModelStatus& status,
                   std::vector<Check>& checks) {
  const std::size_t before = checks.size();
  const auto application = status.applications.find(binding.application);
  const auto units = units_of(status, binding.application);
  if (!binding.plane) {
    checks.push_back(unknown(in_words(binding), "a plane", "the site has no such plane"));
  } else if (application == status.applications.end() || units.empty()) {
    checks.push_back(unknown(in_words(binding), "units on " + in_words(*binding.plane),
                             "no unit in the model yet"));
  } else {
    judge_space(binding, application->second, checks);
    for (const UnitStatus* unit : units) checks.push_back(judge_unit(binding, *unit, status));
  }
  for (std::size_t i = before; i < checks.size(); ++i) {
    checks[i].span = binding.span;
    checks[i].evidence = c.facts.model_status.evidence();
  }
}

Verdict judge_addresses_on_planes(const Case& c) {
  std::vector<Check> checks;
  if (!declares_bindings(c.inputs)) return conclude({});
  const ModelStatus* status = require_model(c, checks);
  if (!status) return conclude(std::move(checks));
  for (const auto& [application, endpoints] : c.inputs.site.bindings) {
    for (const auto& [endpoint, plane] : endpoints) {
      judge_binding(c, {application, endpoint, c.inputs.site.plane(plane.value), plane.span},
                    *status, checks);
    }
  }
  return conclude(std::move(checks));
}

}  // namespace

extern const Gate addresses_on_planes_gate;
const Gate addresses_on_planes_gate{
    .id = "addresses_on_planes",
    .question = "Has every unit an address on the plane that the site binds it to?",
    .source = "phase 01, exit gate, Section G",
    .needs = kAddressesOnPlanesNeeds,
    .applies = declares_bindings,
    .judge = judge_addresses_on_planes,
};

}  // namespace gatehouse
