// What a charm writes onto the disks of its units. The lab keeps it as files, a folder for each
// machine below its own; a command that runs "on" a machine finds them where the charm puts them.
// Certificates only: the key that stands beside one of them on a real disk is left out.
#pragma once

#include <string>

#include "input/bundle/bundle.h"
#include "sim/lab_state.h"

namespace gatehouse::sim {

/// Writes what the options of each application of the model's plan say. The real charm does so when
/// it renders octavia.conf; the lab's disks have it from the deploy on.
Result<void> write_unit_disks(const OpenLab& lab, const LabModel& model, const Bundle& bundle,
                              FileStore& files);

/// One machine of a model, as a shell there sees its disk.
class UnitDisk {
 public:
  UnitDisk(const LabPaths& paths, const std::string& model, const std::string& place);
  /// The words with the charm's folder replaced by the lab's.
  std::string to_lab(const std::string& words) const;
  /// What the words printed, the other way round.
  std::string from_lab(const std::string& output) const;
  const std::string& folder() const { return folder_; }

 private:
  std::string folder_;
};

}  // namespace gatehouse::sim
