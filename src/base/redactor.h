// Blanks known secrets in text that others will read. It goes by the values, not by the names of
// options, so it also finds a value that a tool repeats in an error of its own.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"

namespace gatehouse {

class Redactor {
 public:
  /// What is shorter than eight bytes is left out: it would blank ordinary words.
  void add(std::string_view value);
  /// Every occurrence becomes "(redacted)"; of values that overlap, the longest.
  std::string redacted(std::string_view text) const;

 private:
  std::vector<Secret> values_;  ///< longest first
};

}  // namespace gatehouse
