// Where a command's words go: data to standard output, talk to standard error. No command writes to
// either in another way.
#pragma once

#include <string_view>

#include "diag/diagnostic.h"

namespace gatehouse::cli {

class Console {
 public:
  virtual ~Console() = default;
  virtual void data(std::string_view text) = 0;
  virtual void talk(std::string_view text) = 0;
  virtual Colour colour() const = 0;  ///< of what goes to standard error
  virtual bool is_quiet() const = 0;
  /// Asks on the terminal; false where there is none.
  virtual bool confirm(std::string_view question) = 0;
};

/// CONTRACT.md, "Exit codes".
enum ExitCode : int {
  kExitHolds = 0,
  kExitFails = 1,
  kExitInput = 2,
  kExitUnknown = 3,
  kExitEffect = 4,
  kExitBug = 70,
  kExitInterrupted = 130,
};

}  // namespace gatehouse::cli
