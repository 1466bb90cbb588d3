// What the site and the plan expect of an application's units, the site's default filled in: their
// state, how many there are, and on which principal each subordinate must stand. Shared by the gate
// that judges and the explanation of why it does not hold yet.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "gates/gate.h"
#include "gates/model_units.h"

namespace gatehouse {

/// What each unit of one application must show, and of `exactly` how many.
struct ExpectedUnits {
  std::string workload, agent;
  std::optional<std::string> message;
  std::map<std::string, std::size_t> exactly;
  Span span;
};

ExpectedUnits expected_units(const Settled& settled, const std::string& application);

/// The state alone; messages are compared as sets of parts, without the policy's prefix.
bool shows(const UnitStatus& unit, const ExpectedUnits& expected);

/// A relation as one of its applications sees it.
struct Partner {
  std::string endpoint;  ///< our own; "" where the bundle leaves it to Juju
  std::string application;

  auto operator<=>(const Partner&) const = default;
};

/// What the plan holds for each application. Without a plan it knows of nothing.
class PlannedUnits {
 public:
  explicit PlannedUnits(const Plan* plan);
  bool has(const std::string& application) const;
  /// Units that the bundle asks for; a subordinate application has none of its own.
  std::size_t count(const std::string& application) const;
  bool has_relation(const std::string& application) const;
  const std::set<Partner>& partners(const std::string& application) const;

 private:
  std::set<std::string, std::less<>> applications_;
  std::map<std::string, std::size_t, std::less<>> counts_;
  std::map<std::string, std::set<Partner>, std::less<>> partners_;
};

/// How many units there must be, and which principals carry none yet.
struct UnitsWanted {
  std::optional<std::size_t> count;  ///< absent where only principals could tell and have none yet
  std::vector<std::string> bare_principals;  ///< units that must carry one and do not
};

UnitsWanted units_wanted(const PlannedUnits& planned, const ApplicationStatus& application,
                         const UnitIndex& units);

/// The globs of `exactly` whose number of units is another: "0 x \"*R/O*\"".
std::vector<std::string> wrong_counts(std::span<const UnitStatus* const> units,
                                      const ExpectedUnits& expected);

/// "2 units: active, idle, message \"*ONLINE*\", 1 x \"*R/O*\"".
std::string in_words(const ExpectedUnits& expected, const std::optional<std::size_t>& count);

}  // namespace gatehouse
