// The lab's state folder and its lab.json: which site is shown, since when, how fast, and with
// which faults. The world at a moment is a pure function of this folder (ARCHITECTURE.md,
// "Simulation"), so no face of the lab needs a server but MAAS.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "base/moment.h"
#include "effects/effects.h"

namespace gatehouse::sim {

struct LabModel;
using ModelCache = std::map<std::string, LabModel>;

/// Names within the folder. It is 0700; what holds the MAAS key is 0600.
struct LabPaths {
  std::string folder;  ///< absolute
  /// Models read before, for whoever asks again and again; its owner empties it whenever a file of
  /// the lab changes. Programs of a lab have none.
  ModelCache* cache = nullptr;

  std::string settings() const { return folder + "/lab.json"; }
  std::string site() const { return folder + "/site.yaml"; }
  std::string key() const { return folder + "/maas.key"; }
  std::string server() const { return folder + "/server.json"; }
  std::string bin() const { return folder + "/bin"; }
  std::string juju_data() const { return folder + "/juju-data"; }
  std::string ssh_config() const { return folder + "/ssh_config"; }
  std::string hosts() const { return folder + "/hosts"; }
  std::string host(const std::string& name) const { return hosts() + "/" + name; }
  std::string host_bin(const std::string& name) const { return host(name) + "/bin"; }
  /// Where connections of ssh wait to be used again.
  std::string ssh_control() const { return folder + "/control"; }
  std::string models() const { return folder + "/models"; }
  std::string current_model() const { return juju_data() + "/current-model"; }
};

struct LabSettings {
  std::string id;
  std::uint64_t seed = 1;
  double speed = 1;      ///< lab seconds for each second of the wall
  Moment wall_origin{};  ///< at this moment of the wall ...
  Moment lab_origin{};   ///< ... the lab's clock shows this
  std::set<std::string> faults;
  std::set<std::string> bound_spaces;  ///< spaces that an application of the bundle binds
  std::set<std::string> machine_tags;  ///< that a machine of the bundle asks for
  Milliseconds maas_latency{0};        ///< of the wall, before each answer of MAAS
  std::string outer_path;              ///< the PATH in force when the lab was started

  bool operator==(const LabSettings&) const = default;
};

Result<LabSettings> read_settings(const LabPaths& paths, FileStore& files);
Result<void> write_settings(const LabPaths& paths, const LabSettings& settings, FileStore& files);

std::int64_t to_milliseconds(Moment moment);
Moment from_milliseconds(std::int64_t since_epoch);

}  // namespace gatehouse::sim
