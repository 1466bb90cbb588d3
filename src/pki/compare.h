// Two overlays as a pair: does an amphora that was born under the one stay reachable and
// refreshable under the other? Computed by handshakes in memory, so that nothing has to be deployed
// to know. Start at compare_overlays.
#pragma once

#include <string>

#include "base/moment.h"
#include "base/result.h"
#include "pki/crypto_library.h"
#include "pki/findings.h"
#include "pki/material.h"

namespace gatehouse::pki {

/// What a controller under one overlay can do with an amphora that was born under the other.
struct Reach {
  bool is_reachable = false;
  std::string why_not;  ///< one sentence, where it is not reachable
  /// Octavia replaces an amphora's certificate over the existing connection, 14 days before its
  /// end; the amphora is reached with the new one too.
  bool is_refreshable = false;
};

struct Comparison {
  Reach old_under_new;  ///< every amphora that there is, once all units have switched
  Reach new_under_old;  ///< a new amphora, by a unit that has not switched yet
};

/// invalid_input where one of them lacks what an amphora or a controller needs; the message begins
/// with "old" or "new".
Result<Comparison> compare_overlays(const CryptoLibrary& library, const Material& former,
                                    const Material& later, Moment at);

/// Reports pair-unreachable: an error for amphorae that there are, a warning for new ones.
void report_pair(const Comparison& compared, Findings& findings);

}  // namespace gatehouse::pki
