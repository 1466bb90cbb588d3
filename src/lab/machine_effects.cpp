#include "lab/machine_effects.h"

#include "sim/settings.h"

namespace gatehouse::lab {

std::optional<posix::ClockScale> scale_of_lab(const std::string& folder) {
  const std::unique_ptr<FileStore> files = posix::make_file_store();
  const Result<sim::LabSettings> settings = sim::read_settings({folder}, *files);
  if (!settings) return std::nullopt;
  return posix::ClockScale{.wall_origin = settings->wall_origin,
                           .lab_origin = settings->lab_origin,
                           .factor = settings->speed};
}

}  // namespace gatehouse::lab
