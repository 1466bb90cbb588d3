// What the two halves of a first site file share: who tells which value, and the planes by which
// everything is named. Not for others: first_site.h is the outside.
#pragma once

#include <string>
#include <vector>

#include "base/ipv4.h"
#include "setup/first_site.h"
#include "setup/site_lines.h"

namespace gatehouse::setup {

/// A subnet of MAAS that lies in a space: what the file calls a plane.
struct FoundPlane {
  std::string name;
  const MaasSubnet* subnet;
  Cidr cidr;
};

struct SiteDraft {
  const FirstSite& site;
  const Seen& seen;
  std::vector<FoundPlane> planes;
  SiteLines lines = {};

  /// nullptr where none holds it.
  const FoundPlane* plane_of(Ipv4 address) const;
};

/// "key: value", the key as YAML wants it.
std::string yaml_pair(const std::string& key, const std::string& value);

/// `vips`, `plan` and `pki`: what the bundle must show.
void write_bundle_sections(SiteDraft& draft);
/// `bindings`: what the bundle's are worth on the wire.
void write_bindings(SiteDraft& draft);

}  // namespace gatehouse::setup
