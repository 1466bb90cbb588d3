// Units of a model's status as the gates about settling look at them: which belong to an
// application, which stand under a principal, and how one is said in words.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "facts/model_status.h"

namespace gatehouse {

/// By name, in byte order; of a subordinate application too.
std::vector<const UnitStatus*> units_of(const ModelStatus& status, const std::string& application);

/// The same for every application of a model at once. It refers to the status, which must outlive
/// it.
class UnitIndex {
 public:
  explicit UnitIndex(const ModelStatus& status);
  /// By name, in byte order.
  std::span<const UnitStatus* const> units_of(std::string_view application) const;
  std::span<const UnitStatus* const> subordinates_of(std::string_view principal) const;

 private:
  using Table = std::map<std::string_view, std::vector<const UnitStatus*>>;
  Table by_application_;
  Table by_principal_;
};

/// "vault/0 blocked, idle: Unit is sealed".
std::string in_words(const UnitStatus& unit);

}  // namespace gatehouse
