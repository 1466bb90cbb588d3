// The site file: what this installation is expected to look like. Every name, address, count and
// expected state of a site stands here and nowhere in the code. docs/formats/site.md has the fields.
// Hosts and subnets are found by hostname and CIDR; ids only make drift a finding.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/ipv4.h"
#include "base/json.h"
#include "base/moment.h"
#include "diag/source.h"

namespace gatehouse {

struct SiteOverlay {
  std::string file;  ///< relative to the site file's folder
  Span span;
  bool is_secret = false;
};

struct SiteJuju {
  std::string controller;
  std::string cloud;
  std::string region;
  std::string credential;
  std::string model;
  Span span;
};

/// Either a profile of the `maas` command or an address with a key file.
struct SiteMaas {
  std::string profile;
  std::string url;
  std::string key_file;
  std::string ca_file;
  Span span;
};

struct Plane {
  std::string name;   ///< ours
  std::string space;  ///< MAAS's and Juju's name for it; the plane's own name where not given
  Cidr cidr;
  std::vector<Ipv4> dns;
  std::optional<Ipv4> gateway;
  std::optional<std::int64_t> maas_id, mtu, vlan;
  bool has_dns = false;  ///< `dns` was declared, maybe as an empty list
  Span span;
  Span dns_span;
};

struct SiteRange {
  std::string name;
  Ipv4Range range;
  Span span;
};

struct SiteMachine {
  std::string hostname;
  std::map<std::string, Located<Ipv4>> links;  ///< NIC -> address
  std::map<std::string, Located<std::string>> macs;  ///< plane -> MAC of the NIC that serves it
  std::optional<std::uint64_t> memory;  ///< bytes
  std::optional<std::string> maas_id;
  Span span;
};

enum class DiskSource { qemu_img, maas };

struct BlankDisk {
  DiskSource source = DiskSource::qemu_img;
  std::string host;  ///< where `qemu-img` runs: an ssh host; "jumphost", "localhost": this machine
  std::string path;  ///< of an image, or of a device; "{machine}" stands for each hostname
  bool uses_sudo = false;
  std::uint64_t size = 0;               ///< bytes
  std::uint64_t allocated_at_most = 0;  ///< bytes
  Span span;
};

struct VipLeg {
  std::string plane;
  Ipv4Range band;
  Span span;
};

struct VipPolicy {
  std::string option;  ///< every application that sets it
  std::vector<VipLeg> legs;
  std::size_t count = 0;
  bool same_host_part = false;
  std::map<std::string, Ipv4> taken;
  std::string relation;  ///< the endpoint that such an application must have related; "" for none
  Span span;
};

struct ExpectedCounts {
  std::optional<std::size_t> applications, units, relations, machines, containers;
  Span span;
};

struct ChannelRule {
  std::string charm;  ///< glob
  std::string channel;
  Span span;
};

struct RequiredRelation {
  std::string first, second;  ///< "app:endpoint"
  Span span;
};

struct PlanExpectations {
  ExpectedCounts counts;
  std::map<std::string, std::string> machine_numbers;  ///< bundle machine -> Juju machine
  std::map<std::string, std::vector<std::string>> placement;  ///< application -> bundle machines
  std::vector<ChannelRule> channels;                          ///< first match wins, none fails
  std::map<std::string, std::map<std::string, Located<json::value>>> options;
  std::vector<RequiredRelation> require;
  std::vector<Located<std::string>> forbid;    ///< an application, or "app:endpoint"
  std::vector<Located<std::string>> warnings;  ///< "scope.field"
};

struct SitePki {
  std::string application;
  std::string ip_from_vip;  ///< plane whose leg of the VIP goes into the SAN; "" none
  std::string organisation;
  std::string name;
  std::vector<std::string> dns;
  Span span;
};

struct SiteDns {
  std::vector<std::string> lookup;
  Milliseconds retry_for{0};
  std::vector<Ipv4> phantom;
  Span span;
};

/// What units of an application must show; absent parts come from the default.
struct ExpectedState {
  std::string applications;  ///< "a|b|c", each a glob
  std::optional<std::string> workload, agent;
  std::optional<std::string> message;              ///< glob, after `PO: ` is stripped
  std::optional<std::string> never;                ///< glob: a unit that shows it fails at once
  std::map<std::string, std::size_t> exactly;      ///< message glob -> number of units
  Span span;
};

struct Settled {
  Milliseconds deadline{0}, dwell{0};
  Milliseconds error_grace{0};
  Milliseconds interval{15'000};
  ExpectedState otherwise;  ///< `default`
  std::vector<ExpectedState> expect;
  Span span;

  /// The first entry that names the application, or nullptr.
  const ExpectedState* find(const std::string& application) const;
};

struct Acceptance {
  std::string code;
  std::string on;  ///< the finding's subject; "" or "*" for any
  std::string reason;
  Span span;
};

struct Site {
  std::string name;
  std::string bundle;  ///< relative to the site file's folder
  Span bundle_span;
  std::vector<SiteOverlay> overlays;
  std::string state;  ///< folder; "~" already stands for HOME's place as text "~"
  SiteJuju juju;
  SiteMaas maas;
  std::size_t ssh_parallel = 8;
  Milliseconds ssh_deadline{30'000};
  std::vector<Plane> planes;  ///< in file order
  std::vector<SiteRange> reserved;
  std::vector<SiteRange> absent;
  std::vector<SiteMachine> machines;
  std::vector<BlankDisk> blank_disks;
  std::optional<VipPolicy> vips;
  PlanExpectations plan;
  std::optional<SitePki> pki;
  std::optional<SiteDns> dns;
  Settled settled;
  std::map<std::string, std::map<std::string, Located<std::string>>> bindings;  ///< "Section G"
  std::vector<Acceptance> accept;

  const Plane* plane(const std::string& plane_name) const;
  const Plane* plane_of_space(const std::string& space) const;
  const Plane* plane_of(Ipv4 address) const;
  const SiteMachine* machine(const std::string& hostname) const;
};

}  // namespace gatehouse
