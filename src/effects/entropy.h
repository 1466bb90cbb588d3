// Random bytes for identifiers and nonces. Keys come from the crypto library's own generator.
#pragma once

#include <cstddef>
#include <string>

#include "base/result.h"

namespace gatehouse {

class Entropy {
 public:
  virtual ~Entropy() = default;
  /// Exactly so many bytes; fails rather than returns weak ones.
  virtual Result<std::string> bytes(std::size_t count) = 0;
};

}  // namespace gatehouse
