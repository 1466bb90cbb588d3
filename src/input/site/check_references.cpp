// What no section of a site file can see alone. A wrong name or a stray address here would make a
// gate examine nothing, which is why each is an error and not a remark.
#include <fmt/format.h>

#include "base/text.h"
#include "input/site/sections.h"

namespace gatehouse::site_file {

namespace {

class References {
 public:
  References(const Site& site, Findings& findings) : site_(site), findings_(findings) {}

  void check() {
    check_planes();
    check_ranges(site_.reserved, "reserved");
    check_ranges(site_.absent, "absent");
    check_machines();
    check_disks();
    if (site_.vips) check_vips(*site_.vips);
    if (site_.pki) check_pki(*site_.pki);
    for (const auto& [application, endpoints] : site_.bindings) {
      for (const auto& [endpoint, plane] : endpoints) {
        need_plane(plane.value, plane.span,
                   fmt::format("bindings.{}.\"{}\"", application, endpoint));
      }
    }
  }

 private:
  const Plane* need_plane(const std::string& name, const Span& span, const std::string& path) {
    // An empty name was already found missing where it was read.
    if (name.empty()) return nullptr;
    if (const Plane* plane = site_.plane(name)) return plane;
    std::vector<std::string> known;
    for (const Plane& plane : site_.planes) known.push_back(plane.name);
    const std::optional<std::string> nearest = nearest_word(name, known);
    findings_.error("unknown-plane", span, fmt::format("{} names no plane: \"{}\"", path, name),
                    nearest ? fmt::format("did you mean {}?", *nearest)
                            : fmt::format("known planes: {}", join(known, ", ")));
    return nullptr;
  }

  void check_planes() {
    for (std::size_t i = 0; i < site_.planes.size(); ++i) {
      const Plane& plane = site_.planes[i];
      if (plane.gateway && !plane.cidr.contains(*plane.gateway)) {
        findings_.error("address-off-plane", plane.span,
                        fmt::format("planes.{}.gateway is {}, wanted an address in {}", plane.name,
                                    to_string(*plane.gateway), to_string(plane.cidr)));
      }
      for (std::size_t j = 0; j < i; ++j) check_pair(site_.planes[j], plane);
    }
  }

  void check_pair(const Plane& first, const Plane& second) {
    // A prefix of 0 was not read: its finding stands elsewhere.
    if (first.cidr.prefix == 0 || second.cidr.prefix == 0) return;
    if (first.cidr.contains(second.cidr.network) || second.cidr.contains(first.cidr.network)) {
      findings_
          .error(
              "planes-overlap", second.span,
              fmt::format("plane {} ({}) overlaps plane {} ({}), wanted separate subnets",
                          second.name, to_string(second.cidr), first.name, to_string(first.cidr)))
          .related.push_back({first.span, fmt::format("plane {}", first.name)});
    }
  }

  bool is_on_one_plane(const Ipv4Range& range) const {
    const Plane* plane = site_.plane_of(range.first);
    return plane && plane->cidr.contains(range.last);
  }

  void check_ranges(const std::vector<SiteRange>& ranges, std::string_view kind) {
    for (const SiteRange& range : ranges) {
      if (is_on_one_plane(range.range)) continue;
      findings_.error("range-off-plane", range.span,
                      fmt::format("ranges.{}.{} is {}, wanted a range on one plane", kind,
                                  range.name, to_string(range.range)));
    }
  }

  void check_machines() {
    std::map<Ipv4, Span> seen;
    for (const SiteMachine& machine : site_.machines) {
      for (const auto& [plane, mac] : machine.macs) {
        need_plane(plane, mac.span, fmt::format("machines.{}.macs", machine.hostname));
      }
      for (const auto& [nic, address] : machine.links) {
        const std::string path = fmt::format("machines.{}.links.{}", machine.hostname, nic);
        if (!site_.plane_of(address.value)) {
          findings_.error(
              "address-off-plane", address.span,
              fmt::format("{} is {}, which is on no plane", path, to_string(address.value)),
              "a link is looked for on the plane that holds its address");
        }
        const auto [other, is_new] = seen.emplace(address.value, address.span);
        if (is_new) continue;
        findings_
            .error("address-used-twice", address.span,
                   fmt::format("{} is {}, which another link has", path, to_string(address.value)))
            .related.push_back({other->second, "used here first"});
      }
    }
  }

  void check_disks() {
    for (const BlankDisk& disk : site_.blank_disks) {
      const bool has_mark = disk.path.find("{machine}") != std::string::npos;
      const bool needs_mark = disk.source == DiskSource::qemu_img && !disk.path.empty();
      if (!needs_mark || has_mark || site_.machines.size() < 2) continue;
      findings_.error("bad-path", disk.span,
                      fmt::format("blank_disks has the path {} for {} machines, wanted {{machine}} "
                                  "in it",
                                  disk.path, site_.machines.size()),
                      "one image cannot be the disk of several machines");
    }
  }

  void check_vips(const VipPolicy& vips) {
    for (const VipLeg& leg : vips.legs) {
      const Plane* plane = need_plane(leg.plane, leg.span, "vips.legs");
      const Ipv4Range& band = leg.band;
      if (!plane || band == Ipv4Range{} || plane->cidr.prefix == 0) continue;
      if (!plane->cidr.contains(band.first) || !plane->cidr.contains(band.last)) {
        findings_.error("range-off-plane", leg.span,
                        fmt::format("the band {} is not in plane {}, wanted a range in {}",
                                    to_string(band), leg.plane, to_string(plane->cidr)));
      }
      const std::size_t size = std::size_t{band.last.bits} - band.first.bits + 1;
      if (size < vips.count) {
        findings_.error("band-too-small", leg.span,
                        fmt::format("the band {} holds {} addresses, wanted at least the {} of "
                                    "vips.count",
                                    to_string(band), size, vips.count));
      }
    }
    for (const auto& [owner, address] : vips.taken) {
      if (site_.plane_of(address)) continue;
      findings_.error(
          "address-off-plane", vips.span,
          fmt::format("vips.taken.{} is {}, which is on no plane", owner, to_string(address)),
          "an address off every plane can never meet a VIP");
    }
  }

  void check_pki(const SitePki& pki) {
    if (!need_plane(pki.ip_from_vip, pki.span, "pki.ip_from_vip")) return;
    if (site_.vips) {
      for (const VipLeg& leg : site_.vips->legs) {
        if (leg.plane == pki.ip_from_vip) return;
      }
    }
    findings_.error(
        "unknown-plane", pki.span,
        fmt::format("pki.ip_from_vip names plane {}, on which vips has no leg", pki.ip_from_vip));
  }

  const Site& site_;
  Findings& findings_;
};

}  // namespace

void check_references(const Site& site, Findings& findings) {
  References(site, findings).check();
}

}  // namespace gatehouse::site_file
