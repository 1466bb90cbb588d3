// What was seen of the world: MAAS, hosts, controller, model. A snapshot; each field says whether
// it was asked at all. Gates read it and nothing else; clients fill it. Nothing here judges.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/ipv4.h"
#include "diag/diagnostic.h"
#include "facts/fact_key.h"
#include "facts/model_status.h"
#include "facts/observation.h"

namespace gatehouse {

/// A certificate of the overlay, without anything secret.
struct CertificateFacts {
  std::string role;  ///< "issuing CA", "controller CA", "controller certificate"
  std::string subject;
  std::string issuer;
  std::string serial;
  Moment not_before{};
  Moment not_after{};
  std::int64_t least_days = 0;     ///< that must be left of it; 0 for one that is on its way out
  std::string fingerprint;         ///< SHA-256 of the DER, lower-case hexadecimal
  std::vector<std::string> names;  ///< SAN entries: "DNS:a.b", "IP:10.0.0.1"
  std::string unit_file = {};      ///< where the charm writes it on the disk of each unit
};

struct PkiFacts {
  std::string overlay;               ///< path as declared
  std::vector<Diagnostic> findings;  ///< of the verifier, codes of docs/formats/pki.md
  std::vector<CertificateFacts> certificates;
  Moment judged_at{};  ///< the moment that they were judged for (`--at`); unset: when asked
};

struct MaasIdentity {
  std::string username;
  bool is_superuser = false;
  std::string root;  ///< of the API, as the key was sent to it: "http://h:5240/MAAS/api/2.0/"
};

struct MaasLink {
  std::string mode;                    ///< "auto", "dhcp", "static", "link_up"
  std::optional<std::string> address;  ///< as text: may be IPv6
  std::optional<std::string> cidr;     ///< absent for a link without subnet
};

struct MaasInterface {
  std::string name;
  std::string type;
  std::string mac_address;
  bool is_connected = true;  ///< false where MAAS says `vlan: null`
  std::vector<MaasLink> links;
};

struct MaasMachine {
  std::string system_id;
  std::string hostname;
  std::int64_t status = -1;  ///< MAAS's number: 4 Ready, 6 Deployed
  std::string status_name;
  std::string power_state;  ///< MAAS's memory, not a measurement
  std::string owner;
  bool is_locked = false;
  std::string architecture;
  std::int64_t memory_mib = 0;
  std::int64_t cores = 0;
  std::string zone;
  std::vector<std::string> tags;
  std::map<std::string, std::uint64_t> disks;  ///< name -> bytes
  std::vector<MaasInterface> interfaces;
};

struct MaasSubnet {
  std::int64_t id = 0;
  std::string name;
  std::string cidr;
  std::string space;  ///< "" where MAAS says "undefined"
  std::string gateway;
  std::vector<std::string> dns_servers;  ///< in order
  std::optional<std::int64_t> mtu;
  std::optional<std::int64_t> vid;
};

struct MaasRange {
  std::int64_t id = 0;
  std::string type;  ///< "reserved" or "dynamic"
  std::string start, end;
  std::string comment;
  std::string cidr;
};

/// An address that MAAS knows to be in use on a subnet.
struct MaasAddress {
  std::string address;
  std::string holder;      ///< hostname or what else MAAS says of it; "" unknown
  std::int64_t kind = -1;  ///< MAAS's alloc_type: 0 auto, 1 sticky, 4 user reserved, 5 DHCP
};

struct HostDisk {
  std::string machine;  ///< hostname of the MAAS machine whose disk it is
  std::string path;
  std::uint64_t virtual_size = 0;  ///< bytes
  std::uint64_t allocated = 0;     ///< bytes that the image takes of its host
  std::uint64_t data = 0;          ///< bytes mapped as data, in the image or what it is based on
  bool is_data_at_least = false;   ///< the map was too long to read: `data` is the least it can be
};

struct JujuClient {
  std::string version;  ///< "3.6.28-genericlinux-amd64"
};

struct JujuController {
  std::string name;  ///< "" where the client lists no such controller; then the rest is empty too
  std::string uuid;
  std::string user;
  std::string agent_version;
};

struct JujuModel {
  std::string name;  ///< short
  std::string owner;
  std::string uuid;
  std::string life;  ///< "alive", "dying", "dead"
  std::string status;
  std::string cloud;
  std::string credential;
};

struct JujuSpace {
  std::string name;
  std::vector<std::string> cidrs;
};

struct DryRun {
  std::vector<std::string> changes;   ///< the lines after "- ", in order
  std::vector<std::string> remarks;   ///< "line 34: field name not found in type charm.bundleData"
  std::vector<std::string> warnings;  ///< every other WARNING text
  std::string refusal;                ///< "ERROR ..." where Juju refused; then the rest is empty
};

struct NameLookup {
  std::map<std::string, bool> resolved;  ///< declared name -> does it resolve
  std::vector<std::string> resolvers;
  Moment at{};
  std::size_t tries = 1;
  std::optional<Moment> failing_since =
      {};  ///< first of the tries in a row that failed; unset: this
};

/// What a machine says of the certificates on its disk; no file is ever read across.
struct UnitCertificates {
  /// By path, the SHA-256 of each certificate in the file's order, lower-case hexadecimal; a file
  /// that is not there has no entry.
  std::map<std::string, std::vector<std::string>> fingerprints;
  std::string
      complaint;  ///< of a file's certificate that openssl there could not read; "" for none
};

struct Facts {
  Moment at{};  ///< when the newest of them was asked for
  Observation<PkiFacts> pki;
  Observation<std::string> maas_version;  ///< "3.5.0"; "" where MAAS does not know it itself
  Observation<MaasIdentity> maas_identity;
  Observation<std::vector<MaasMachine>> maas_machines;
  /// Ready machines beside the site's that carry the tags every machine of the bundle asks for.
  Observation<std::vector<MaasMachine>> maas_candidates;
  Observation<std::vector<MaasSubnet>> maas_subnets;
  Observation<std::vector<MaasRange>> maas_ranges;
  std::map<std::string, Observation<std::vector<MaasAddress>>> maas_addresses;  ///< by CIDR
  std::map<std::string, Observation<HostDisk>> host_disks;  ///< by "machine:path"
  Observation<JujuClient> juju_client;
  Observation<JujuController> juju_controller;
  Observation<std::vector<JujuModel>> juju_models;
  Observation<std::vector<JujuSpace>> juju_spaces;
  Observation<DryRun> dry_run;
  Observation<ModelStatus> model_status;
  ModelHistory history;  ///< of every status sample of the run
  std::map<std::string, Observation<NameLookup>> name_lookups;  ///< by Juju machine: "0", "0/lxd/1"
  std::map<std::string, Observation<UnitCertificates>> unit_certificates;  ///< by Juju machine
};

}  // namespace gatehouse
