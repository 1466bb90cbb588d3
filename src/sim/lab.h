// Starting and ending a lab. A lab is a state folder (settings.h) and one background process, its
// MAAS region on loopback; everything else of it are programs that look at the folder. Start here.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "effects/effects.h"
#include "sim/faults.h"
#include "sim/lab_state.h"
#include "sim/maas_region.h"

namespace gatehouse::sim {

struct LabRequest {
  std::string site_file;            ///< read now, copied into the folder
  std::vector<std::string> faults;  ///< world faults show; input faults are the caller's to put in
  std::uint64_t seed = 1;
  double speed = 600;            ///< lab seconds for each second of the wall
  Milliseconds maas_latency{0};  ///< of the wall, before each answer of MAAS
  std::string folder;   ///< absolute, below the operator's home; made 0700; must hold no lab
  std::string program;  ///< absolute path of gatehouse-lab
  /// The PATH that the lab's programs are put in front of.
  std::string path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  Moment wall_now{};  ///< zero for now by the clock handed in, which must be the wall's
};

struct LabHandle {
  std::string id;
  std::string folder;
  /// What a client needs: GATEHOUSE_LAB, GATEHOUSE_LAB_CLOCK ("wall_ms:lab_ms:factor"),
  /// GATEHOUSE_MAAS_URL, GATEHOUSE_MAAS_KEY_FILE, GATEHOUSE_SSH_CONFIG, JUJU_DATA, PATH.
  std::map<std::string, std::string> assignments;
  std::string lacking = {};  ///< what this machine lacks for the hosts, and what to do; "" nothing
};

/// The folder alone, without the server: what a simulation in process needs. Errors as start_lab's.
Result<LabSettings> make_lab_folder(const LabRequest& request, Effects& effects);

/// The key that the folder's MAAS takes.
Result<RegionKey> read_region_key(const LabPaths& paths, FileStore& files);

/// invalid_input for a site that cannot be read or a fault that it cannot show; conflict where the
/// folder holds a lab already. On failure the folder is left for inspection, the process is not.
Result<LabHandle> start_lab(const LabRequest& request, Effects& effects);

enum class Leftovers { keep, remove };

/// Ends the lab's process, told by its id and start time, and waits for its end. A lab that is not
/// running is no error.
Result<void> stop_lab(const std::string& folder, Effects& effects,
                      Leftovers leftovers = Leftovers::keep);

/// What the background process does: serves MAAS until a signal ends it, its folder is gone, or
/// nobody asked for six hours of the wall. The clock is the lab's.
Result<void> serve_lab(const std::string& folder, Effects& effects);

}  // namespace gatehouse::sim
