// Time. In a rehearsal it runs faster than the wall's, by a factor that client and lab share.
#pragma once

#include "base/moment.h"

namespace gatehouse {

enum class WaitEnd { reached, interrupted };

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Moment now() = 0;
  /// Never runs backwards; zero means nothing.
  virtual Milliseconds monotonic() = 0;
  /// Waits by this clock, or until the operator interrupts.
  virtual WaitEnd wait(Milliseconds duration) = 0;
  /// True once the operator has asked to stop.
  virtual bool is_interrupted() = 0;
};

}  // namespace gatehouse
