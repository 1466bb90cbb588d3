// May one overlay take the place of another, with every amphora in reach?
#pragma once

#include <string>

#include "base/moment.h"
#include "base/result.h"
#include "diag/source.h"
#include "pki/crypto_library.h"

namespace gatehouse::pki {

struct OverlayPair {
  const Source& former;
  const Source& later;
  const std::string& application;
  Moment at{};
};

/// conflict where an amphora that was born under the former is not reachable under the later;
/// invalid_input where one of them lacks what an amphora or a controller needs.
Result<void> check_pair(const CryptoLibrary& library, const OverlayPair& pair);

}  // namespace gatehouse::pki
