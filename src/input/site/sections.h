// One reader for each section of a site file. Each takes the section's value, fills its part of the
// Site, and complains through the field's findings. Start at load_site.cpp, which calls them all.
#pragma once

#include "input/site/reader.h"
#include "input/site/site.h"

namespace gatehouse::site_file {

void read_overlays(std::vector<SiteOverlay>& overlays, const Field& field);
void read_juju(SiteJuju& juju, const Field& field);
void read_maas(SiteMaas& maas, const Field& field);
void read_ssh(Site& site, const Field& field);
void read_planes(std::vector<Plane>& planes, const Field& field);
void read_ranges(Site& site, const Field& field);
void read_machines(std::vector<SiteMachine>& machines, const Field& field);
void read_blank_disks(std::vector<BlankDisk>& disks, const Field& field);
VipPolicy read_vips(const Field& field);
void read_plan(PlanExpectations& plan, const Field& field);
SitePki read_pki(const Field& field);
SiteDns read_dns(const Field& field);
void read_settled(Settled& settled, const Field& field);
void read_bindings(Site& site, const Field& field);
void read_accept(std::vector<Acceptance>& accept, const Field& field);

/// What no section can see alone: names of planes and machines, addresses off their planes.
void check_references(const Site& site, Findings& findings);

}  // namespace gatehouse::site_file
