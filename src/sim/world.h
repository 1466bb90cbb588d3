// The site as a world: machines with all their NICs, addresses and MACs, planes with the ids that
// MAAS would have given. What the site file does not say is derived from what it does; how is
// stated at each field and in docs of data/lab/README.md. Pure: a function of site and settings.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "input/site/site.h"
#include "sim/faults.h"
#include "sim/settings.h"

namespace gatehouse::sim {

/// A plane as MAAS keeps it.
struct LabPlane {
  Plane plane;
  std::int64_t subnet_id = 0;  ///< the site's maas_id, else the lowest free number
  std::int64_t vlan_id = 0;
  std::int64_t fabric_id = 0;
  std::int64_t space_id = 0;
  bool is_missing = false;    ///< MAAS knows no such subnet
  bool is_spaceless = false;  ///< `space` is "undefined"
  bool is_boot = false;  ///< the machines start over it: the plane in which most planes' DNS lies
};

struct LabNic {
  std::string name;  ///< enp1s0 on the boot plane; else as declared, else enp7s0 and up
  std::string plane;
  std::string mac;  ///< 52:54:00:12:HH:NN: number of the machine, number of the NIC
  std::int64_t id = 0;
  std::int64_t link_id = 0;
  std::optional<Ipv4> address;  ///< none on a plane that no application binds
  std::optional<NicQuirk> quirk;
};

struct LabMachine {
  std::size_t index = 0;  ///< also the number of the Juju machine that gets it
  std::string hostname;
  std::string system_id;
  std::vector<LabNic> nics;
  bool is_stray = false;  ///< beside the site's own

  const LabNic* nic_on(const std::string& plane) const;
};

struct LabWorld {
  Site site;
  LabSettings settings;
  WorldFaults faults;
  std::vector<LabPlane> planes;
  std::vector<LabMachine> machines;

  const LabPlane* plane(const std::string& name) const;
  const LabPlane* boot_plane() const;
  const LabMachine* machine(const std::string& hostname) const;
  /// What a site calls for as the space of a plane; the boot plane's where it knows none of it.
  const LabPlane* plane_of_space(const std::string& space) const;
};

/// invalid_input where a fault of the settings cannot be shown.
Result<LabWorld> build_world(Site site, LabSettings settings);

/// Hands out addresses of a plane that nothing else holds: outside reserved ranges, VIP bands,
/// taken addresses, machines and servers.
class AddressPool {
 public:
  explicit AddressPool(const LabWorld& world) : world_(world) {}
  /// None where the plane is full.
  std::optional<Ipv4> next(const LabPlane& plane);

 private:
  bool is_free(Ipv4 address) const;
  const LabWorld& world_;
  std::map<std::string, std::uint32_t> used_;
};

}  // namespace gatehouse::sim
