#include "gates/model_units.h"

#include <fmt/format.h>

namespace gatehouse {

namespace {

template <class Table>
std::span<const UnitStatus* const> units_at(const Table& table, std::string_view key) {
  const auto entry = table.find(key);
  if (entry == table.end()) return {};
  return entry->second;
}

}  // namespace

std::vector<const UnitStatus*> units_of(const ModelStatus& status, const std::string& application) {
  std::vector<const UnitStatus*> units;
  for (const auto& [name, unit] : status.units) {
    if (unit.application == application) units.push_back(&unit);
  }
  return units;
}

UnitIndex::UnitIndex(const ModelStatus& status) {
  for (const auto& [name, unit] : status.units) {
    by_application_[unit.application].push_back(&unit);
    if (!unit.principal.empty()) by_principal_[unit.principal].push_back(&unit);
  }
}

std::span<const UnitStatus* const> UnitIndex::units_of(std::string_view application) const {
  return units_at(by_application_, application);
}

std::span<const UnitStatus* const> UnitIndex::subordinates_of(std::string_view principal) const {
  return units_at(by_principal_, principal);
}

std::string in_words(const UnitStatus& unit) {
  const std::string text =
      fmt::format("{} {}, {}", unit.name, unit.workload.current, unit.agent.current);
  return unit.workload.message.empty() ? text : text + ": " + unit.workload.message;
}

}  // namespace gatehouse
