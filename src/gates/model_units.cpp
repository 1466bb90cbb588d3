#include "gates/model_units.h"

#include <fmt/format.h>

namespace gatehouse {

std::vector<const UnitStatus*> units_of(const ModelStatus& status, const std::string& application) {
  std::vector<const UnitStatus*> units;
  for (const auto& [name, unit] : status.units) {
    if (unit.application == application) units.push_back(&unit);
  }
  return units;
}

ShownMessage shown_message(std::string_view message) {
  static constexpr std::string_view kGood = "PO: ";
  static constexpr std::string_view kBroken = "PO (broken): ";
  if (message.starts_with(kGood)) return {std::string(message.substr(kGood.size())), false};
  if (message.starts_with(kBroken)) return {std::string(message.substr(kBroken.size())), true};
  return {std::string(message), false};
}

std::string in_words(const UnitStatus& unit) {
  const std::string text =
      fmt::format("{} {}, {}", unit.name, unit.workload.current, unit.agent.current);
  return unit.workload.message.empty() ? text : text + ": " + unit.workload.message;
}

}  // namespace gatehouse
