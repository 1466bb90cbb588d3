// The five effects of this machine, with the clock of the wall or of a lab.
#pragma once

#include <memory>
#include <optional>

#include "effects/posix/posix.h"

namespace gatehouse::lab {

class MachineEffects {
 public:
  explicit MachineEffects(std::optional<posix::ClockScale> scale)
      : clock_(posix::make_clock(scale)),
        http_(posix::make_http_transport(*clock_)),
        processes_(posix::make_process_runner(*clock_)),
        files_(posix::make_file_store()),
        entropy_(posix::make_entropy()),
        effects_{*http_, *processes_, *files_, *clock_, *entropy_} {}

  Effects& effects() { return effects_; }

 private:
  std::unique_ptr<Clock> clock_;
  std::unique_ptr<HttpTransport> http_;
  std::unique_ptr<ProcessRunner> processes_;
  std::unique_ptr<FileStore> files_;
  std::unique_ptr<Entropy> entropy_;
  Effects effects_;
};

/// The clock of the lab in that folder; none where it holds no lab.
std::optional<posix::ClockScale> scale_of_lab(const std::string& folder);

}  // namespace gatehouse::lab
