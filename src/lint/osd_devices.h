// How many disks a ceph-osd application takes: by its option, and by storage, which is added to it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "lint/rule.h"

namespace gatehouse {

struct OsdDevices {
  const BundleApplication* application = nullptr;
  std::size_t units = 0;
  std::size_t paths = 0;    ///< of the option: at most so many a unit, those that exist count
  std::size_t storage = 0;  ///< made for each unit
  Span storage_span = {}, paths_span = {};

  std::size_t at_least() const { return units * storage; }
  std::size_t at_most() const { return units * (paths + storage); }
};

/// Of each application of charm ceph-osd.
std::vector<OsdDevices> osd_devices(const LintCase& c);

/// The count in a storage directive, "maas,3,10G": 1 where none is given.
std::size_t storage_count(const std::string& directive);

}  // namespace gatehouse
