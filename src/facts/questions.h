// What a run wants to know, in the peers' own terms, so that a client needs no knowledge of bundle
// or site file. Made from the inputs by `phases`, handed to the fact sources by the engine.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/moment.h"
#include "effects/effects.h"
#include "facts/facts.h"

namespace gatehouse {

struct MaasAccess {
  std::string profile = {};  ///< of the `maas` command; else url and key_file
  std::string url = {};
  std::string key_file = {};
  std::string ca_file = {};
  std::string home = {};  ///< of the operator: where the `maas` command keeps its profiles
  /// Of each request, by the wall: 37 KB and 28 ms a machine on a MAAS at rest; a busy region takes
  /// several times that.
  Milliseconds deadline{60'000};
};

struct DiskQuestion {
  std::string machine;
  std::string host;  ///< as ssh knows it, or one of the names that mean this machine
  std::string path;
  bool uses_sudo = false;
};

/// How hosts are asked.
struct SshAccess {
  std::size_t parallel = 8;
  Milliseconds deadline{30'000};                                       ///< of one round trip
  std::vector<std::string> names_of_here = {"jumphost", "localhost"};  ///< without ssh
  std::string control_folder = {};  ///< where connections wait to be used again; "" for none
};

struct Questions {
  MaasAccess maas;
  std::vector<std::string> hostnames;
  std::vector<std::string> candidate_tags;  ///< what all machines of the bundle ask MAAS for
  std::vector<std::string> cidrs;          ///< of every plane
  std::vector<std::string> address_cidrs;  ///< planes whose addresses in use are wanted; each once
  std::vector<DiskQuestion> disks;
  SshAccess ssh;
  std::string controller;
  std::string model;
  std::string bundle_file;                 ///< absolute, the staged copy
  std::vector<std::string> overlay_files;  ///< absolute, staged
  /// What of the bundle's machines is in the model already: "existing,8=0,9=1"; "" where nothing
  /// is.
  std::string map_machines;
  std::string secret_overlay;       ///< the one that carries the PKI; "" where none
  std::string secret_overlay_name;  ///< as the site file writes it
  std::string pki_application;
  std::vector<std::string> vip_addresses;      ///< what the SAN is compared with
  std::vector<std::string> certificate_files;  ///< on the disk of each unit of pki_application
  std::optional<Moment> judged_at;             ///< when certificates are judged; absent: now
  std::vector<std::string> lookup_names;
  Milliseconds lookup_retry_for{0};
  /// A lookup of before is asked again though every name resolved in it; unset: never.
  Moment lookups_not_before{};
};

/// One client's table: the facts that it can observe, and how. Several keys asked at once share
/// their requests.
struct FactSource {
  std::vector<FactKey> keys;
  void (*collect)(std::span<const FactKey> wanted, const Questions& questions, Effects& effects,
                  Facts& facts);
};

}  // namespace gatehouse
