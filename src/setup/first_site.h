// The text of a first site file, from a bundle with its plan and from what MAAS and Juju answer. A
// value that nobody told is left out and named in a comment; each that stands there says where it
// came from. Pure. Format: docs/formats/site.md. Start at first_site_text.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "facts/facts.h"
#include "input/bundle/bundle.h"
#include "plan/plan.h"

namespace gatehouse::setup {

struct FirstOverlay {
  std::string file;  ///< relative to the site file's folder
  bool is_secret = false;
  std::string origin;
};

/// A value and where it came from; "" for one that nobody told.
struct Told {
  std::string value;
  std::string origin;
};

struct FirstMaas {
  std::string profile = {};  ///< else url and key_file
  std::string url = {};
  std::string key_file = {};
  std::string origin = {};
};

/// Disks of guests, on the host that keeps their images.
struct FirstDisks {
  std::string host;
  std::string path;  ///< with {machine}
  bool uses_sudo = false;
};

struct FirstAcceptance {
  std::string code;
  std::string subject;
  std::string message;
};

struct FirstSite {
  Told name;
  std::string bundle_file;  ///< relative to the site file's folder
  std::vector<FirstOverlay> overlays;
  Told controller, model, cloud, region, credential;
  FirstMaas maas;
  std::optional<FirstDisks> disks;
  std::vector<FirstAcceptance> accept;  ///< errors that are there today
  Moment made_at{};
};

/// What was read and seen. MAAS's machines, subnets and ranges must have been seen.
struct Seen {
  const Bundle& bundle;
  const Plan& plan;
  const Facts& facts;
};

std::string first_site_text(const FirstSite& site, const Seen& seen);

/// Of what MAAS knows: the machines that the bundle's machines could become, by tags and
/// architecture of their constraints. By hostname.
std::vector<const MaasMachine*> machines_for(const Bundle& bundle,
                                             const std::vector<MaasMachine>& machines);

}  // namespace gatehouse::setup
