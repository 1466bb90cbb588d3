// Commands that look at a model over time: watch, status. Neither changes anything.
#pragma once

#include <string>

#include "cli/context.h"

namespace gatehouse::cli {

struct WatchOptions {
  std::string model;  ///< "CONTROLLER:MODEL"; "" for the site's own
};

/// Watches until the model settles or cannot. Where another process of the same site runs or
/// watches, it follows that one's journal instead and ends as it ends.
int run_watch(const WatchOptions& options, Context& context);

/// One sample as a table; 3 where the model cannot be observed.
int run_status(const WatchOptions& options, Context& context);

}  // namespace gatehouse::cli
