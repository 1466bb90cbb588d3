#include "gates/expected_units.h"

#include <algorithm>

#include <fmt/format.h>

#include "gates/checks.h"
#include "gates/message_parts.h"

namespace gatehouse {

namespace {

std::string endpoint_of(const std::string& side) {
  const std::size_t colon = side.find(':');
  return colon == side.npos ? std::string{} : side.substr(colon + 1);
}

bool carries(const UnitIndex& units, const UnitStatus& principal, const std::string& application) {
  const auto carried = units.subordinates_of(principal.name);
  return std::any_of(carried.begin(), carried.end(),
                     [&](const UnitStatus* unit) { return unit->application == application; });
}

}  // namespace

ExpectedUnits expected_units(const Settled& settled, const std::string& application) {
  const ExpectedState& otherwise = settled.otherwise;
  const ExpectedState* entry = settled.find(application);
  const ExpectedState& own = entry ? *entry : otherwise;
  const auto either = [](const auto& first, const auto& second) { return first ? first : second; };
  return {.workload = either(own.workload, otherwise.workload).value_or("active"),
          .agent = either(own.agent, otherwise.agent).value_or("idle"),
          .message = either(own.message, otherwise.message),
          .exactly = own.exactly,
          .span = own.span ? own.span : settled.span};
}

bool shows(const UnitStatus& unit, const ExpectedUnits& expected) {
  if (unit.workload.current != expected.workload || unit.agent.current != expected.agent) {
    return false;
  }
  return !expected.message ||
         message_matches(*expected.message, shown_message(unit.workload.message).text);
}

PlannedUnits::PlannedUnits(const Plan* plan) {
  if (!plan) return;
  for (const PlannedApplication& application : plan->applications) {
    applications_.insert(application.name);
  }
  for (const PlannedUnit& unit : plan->units) ++counts_[unit.application];
  for (const PlannedRelation& relation : plan->relations) {
    const std::string first = application_of(relation.first);
    const std::string second = application_of(relation.second);
    partners_[first].insert({endpoint_of(relation.first), second});
    partners_[second].insert({endpoint_of(relation.second), first});
  }
}

bool PlannedUnits::has(const std::string& application) const {
  return applications_.contains(application);
}

std::size_t PlannedUnits::count(const std::string& application) const {
  const auto entry = counts_.find(application);
  return entry == counts_.end() ? 0 : entry->second;
}

bool PlannedUnits::has_relation(const std::string& application) const {
  return partners_.contains(application);
}

const std::set<Partner>& PlannedUnits::partners(const std::string& application) const {
  static const std::set<Partner> kNoPartners;
  const auto entry = partners_.find(application);
  return entry == partners_.end() ? kNoPartners : entry->second;
}

// A subordinate has a unit with each unit of its principals; another subordinate that it is related
// to within a machine brings none. An application without units of its
// own and without a relation gets none; with one it may be a subordinate whose principal is to
// come.
UnitsWanted units_wanted(const PlannedUnits& planned, const ApplicationStatus& application,
                         const UnitIndex& units) {
  if (const std::size_t count = planned.count(application.name)) return {count, {}};
  UnitsWanted wanted{std::size_t{0}, {}};
  for (const std::string& principal : application.subordinate_to) {
    for (const UnitStatus* unit : units.units_of(principal)) {
      if (!unit->principal.empty()) continue;
      ++*wanted.count;
      if (!carries(units, *unit, application.name)) wanted.bare_principals.push_back(unit->name);
    }
  }
  if (*wanted.count == 0 && planned.has_relation(application.name)) wanted.count.reset();
  return wanted;
}

std::vector<std::string> wrong_counts(std::span<const UnitStatus* const> units,
                                      const ExpectedUnits& expected) {
  std::vector<std::string> wrong;
  for (const auto& [pattern, number] : expected.exactly) {
    const auto seen = std::count_if(units.begin(), units.end(), [&](const UnitStatus* unit) {
      return message_matches(pattern, shown_message(unit->workload.message).text);
    });
    if (static_cast<std::size_t>(seen) != number) {
      wrong.push_back(fmt::format("{} x \"{}\"", seen, pattern));
    }
  }
  return wrong;
}

std::string in_words(const ExpectedUnits& expected, const std::optional<std::size_t>& count) {
  std::string words = fmt::format("{}: {}, {}", count ? counted(*count, "unit") : "some units",
                                  expected.workload, expected.agent);
  if (expected.message) words += fmt::format(", message \"{}\"", *expected.message);
  for (const auto& [pattern, number] : expected.exactly) {
    words += fmt::format(", {} x \"{}\"", number, pattern);
  }
  return words;
}

}  // namespace gatehouse
