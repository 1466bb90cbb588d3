// Every key of a site file is read: the sketch of the reference site, value by value.
#include <chrono>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "input/site/load_site.h"

namespace gatehouse {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::ElementsAre;
using testing::Pair;

constexpr const char* kSketch = R"(gatehouse: 1
site: omega
bundle: bundle.yaml
overlays: [{file: overlays/octavia-pki.yaml, secret: true}]
state: ~/gatehouse/omega
juju: {controller: omega, cloud: maas, region: default, credential: maas-api, model: openstack}
maas: {profile: admin}
ssh: {parallel: 4, deadline: 45s}
planes:
  provider:    {cidr: 10.12.4.0/22,  space: provider-public, dns: [10.12.4.1], gateway: 10.12.4.1, maas_id: 1}
  metal:       {cidr: 10.12.8.0/22,  space: metal-admin, dns: [10.12.8.1], maas_id: 2, mtu: 1500, vlan: 0}
  data:        {cidr: 10.12.12.0/22, dns: []}
ranges:
  reserved: {vips: 10.12.4.50-10.12.4.60, floating: 10.12.5.0-10.12.7.254}
  absent: {stale-vips: 10.12.4.10-10.12.4.20}
machines:
  openstack0: {links: {enp8s0: 10.12.12.40}, maas_id: 4na83t}
  openstack1: {}
blank_disks:
  - {source: qemu-img, host: jumphost, path: "/images/{machine}-1.qcow2", sudo: true, size: 512GiB, allocated_at_most: 2MiB}
  - {source: maas, path: /dev/sdb, size: 512GiB}
vips:
  option: vip
  legs: [{plane: provider, band: 10.12.4.50-10.12.4.60}, {plane: metal, band: 10.12.8.50-10.12.8.60}]
  count: 11
  same_host_part: false
  taken: {maas: 10.12.8.10, lxd: 10.12.8.20}
  relation: ha
plan:
  counts: {applications: 50, units: 80, relations: 97, machines: 4, containers: 24}
  machine_numbers: {"8": 0, "9": 1}
  placement: {ceph-osd: ["8", "9"]}
  channels:
    - {ceph-*: squid/stable, hacluster: 2.4/stable}
    - {"*": 2024.1/stable}
  options: {nova-compute: {reserved-host-memory: 8192}, glance: {image-conversion: true}, a: {b: text}}
  require: [octavia:certificates vault:certificates, vault:shared-db
            vault-mysql-router:shared-db]
  forbid: [designate, vault:ha]
  warnings: [bundle.name, bundle.variables]
pki: {application: octavia, ip_from_vip: provider, organisation: Neumatrix, name: VR0 DC0 Omega Cloud Octavia,
      dns: [octavia-controller.omega.local, octavia.omega.local]}
dns: {lookup: [api.snapcraft.io], retry_for: 7m, phantom: [10.12.8.10]}
settled:
  deadline: 2h
  dwell: 5m
  error_grace: 9m
  interval: 20s
  default: {workload: active, agent: idle}
  expect:
    vault: {workload: blocked, message: Vault needs to be initialized}
    octavia: {message: "*`configure-resources`*", never: "*Missing required certificate*"}
    glance-simplestreams-sync: {workload: unknown, message: ""}
    "ovn-central|ovn-chassis*": {workload: waiting, agent: executing}
    mysql-innodb-cluster: {exactly: {"*Mode: R/W*": 1, "*Mode: R/O*": 2}}
bindings: {ceph-mon: {public: data}, vault: {"": metal}}
accept:
  - {code: bundle/nic-used-twice, on: ovn-chassis, reason: "D-057, decided later"}
  - {code: bundle/policyd-without-resource, reason: D-050}
)";

class Sketch : public testing::Test {
 protected:
  void SetUp() override {
    LoadedSite loaded = load_site(sources_.add("site.yaml", kSketch));
    for (const Diagnostic& finding : loaded.findings) {
      ADD_FAILURE() << render(finding, Colour::off);
    }
    ASSERT_TRUE(loaded.site);
    site_ = std::move(*loaded.site);
  }

  static Ipv4 address(std::string_view text) { return *parse_ipv4(text); }
  static Ipv4Range range(std::string_view text) { return *parse_ipv4_range(text); }

  SourceMap sources_;
  Site site_;
};

TEST_F(Sketch, gives_the_peers) {
  EXPECT_EQ(site_.name, "omega");
  EXPECT_EQ(site_.bundle, "bundle.yaml");
  EXPECT_EQ(to_string(site_.bundle_span), "site.yaml:3:9");
  ASSERT_EQ(site_.overlays.size(), 1U);
  EXPECT_EQ(site_.overlays[0].file, "overlays/octavia-pki.yaml");
  EXPECT_TRUE(site_.overlays[0].is_secret);
  EXPECT_EQ(site_.state, "~/gatehouse/omega");
  EXPECT_EQ(site_.juju.controller, "omega");
  EXPECT_EQ(site_.juju.cloud, "maas");
  EXPECT_EQ(site_.juju.region, "default");
  EXPECT_EQ(site_.juju.credential, "maas-api");
  EXPECT_EQ(site_.juju.model, "openstack");
  EXPECT_EQ(site_.maas.profile, "admin");
  EXPECT_EQ(site_.ssh_parallel, 4U);
  EXPECT_EQ(site_.ssh_deadline, std::chrono::seconds(45));
}

TEST_F(Sketch, gives_the_planes_in_file_order) {
  ASSERT_EQ(site_.planes.size(), 3U);
  const Plane& provider = site_.planes[0];
  EXPECT_EQ(provider.name, "provider");
  EXPECT_EQ(provider.space, "provider-public");
  EXPECT_EQ(to_string(provider.cidr), "10.12.4.0/22");
  EXPECT_THAT(provider.dns, ElementsAre(address("10.12.4.1")));
  EXPECT_EQ(provider.gateway, address("10.12.4.1"));
  EXPECT_EQ(provider.maas_id, 1);
  EXPECT_EQ(to_string(provider.span), "site.yaml:10:3");
  EXPECT_EQ(site_.planes[1].mtu, 1500);
  EXPECT_EQ(site_.planes[1].vlan, 0);
  EXPECT_TRUE(site_.planes[2].has_dns);
  EXPECT_TRUE(site_.planes[2].dns.empty());
  EXPECT_EQ(site_.planes[2].space, "data");
}

TEST_F(Sketch, finds_planes_and_machines) {
  EXPECT_EQ(site_.plane("metal"), &site_.planes[1]);
  EXPECT_EQ(site_.plane("metal-admin"), nullptr);
  EXPECT_EQ(site_.plane_of_space("metal-admin"), &site_.planes[1]);
  EXPECT_EQ(site_.plane_of(address("10.12.11.255")), &site_.planes[1]);
  EXPECT_EQ(site_.plane_of(address("10.12.16.1")), nullptr);
  EXPECT_EQ(site_.machine("openstack1"), &site_.machines[1]);
  EXPECT_EQ(site_.machine("openstack9"), nullptr);
}

TEST_F(Sketch, gives_ranges_machines_and_disks) {
  ASSERT_EQ(site_.reserved.size(), 2U);
  EXPECT_EQ(site_.reserved[0].name, "vips");
  EXPECT_EQ(site_.reserved[0].range, range("10.12.4.50-10.12.4.60"));
  ASSERT_EQ(site_.absent.size(), 1U);
  EXPECT_EQ(site_.absent[0].range, range("10.12.4.10-10.12.4.20"));
  ASSERT_EQ(site_.machines.size(), 2U);
  EXPECT_EQ(site_.machines[0].links.at("enp8s0").value, address("10.12.12.40"));
  EXPECT_EQ(site_.machines[0].maas_id, "4na83t");
  ASSERT_EQ(site_.blank_disks.size(), 2U);
  const BlankDisk& disk = site_.blank_disks[0];
  EXPECT_EQ(disk.source, DiskSource::qemu_img);
  EXPECT_EQ(disk.host, "jumphost");
  EXPECT_EQ(disk.path, "/images/{machine}-1.qcow2");
  EXPECT_TRUE(disk.uses_sudo);
  EXPECT_EQ(disk.size, 512ULL << 30U);
  EXPECT_EQ(disk.allocated_at_most, 2ULL << 20U);
  EXPECT_EQ(site_.blank_disks[1].source, DiskSource::maas);
  EXPECT_EQ(site_.blank_disks[1].allocated_at_most, 1ULL << 20U);
}

TEST_F(Sketch, gives_the_vip_policy) {
  ASSERT_TRUE(site_.vips);
  EXPECT_EQ(site_.vips->option, "vip");
  ASSERT_EQ(site_.vips->legs.size(), 2U);
  EXPECT_EQ(site_.vips->legs[1].plane, "metal");
  EXPECT_EQ(site_.vips->legs[1].band, range("10.12.8.50-10.12.8.60"));
  EXPECT_EQ(site_.vips->count, 11U);
  EXPECT_FALSE(site_.vips->same_host_part);
  EXPECT_THAT(site_.vips->taken,
              ElementsAre(Pair("lxd", address("10.12.8.20")), Pair("maas", address("10.12.8.10"))));
  EXPECT_EQ(site_.vips->relation, "ha");
}

TEST_F(Sketch, gives_the_expected_plan) {
  const PlanExpectations& plan = site_.plan;
  EXPECT_EQ(plan.counts.applications, 50U);
  EXPECT_EQ(plan.counts.units, 80U);
  EXPECT_EQ(plan.counts.relations, 97U);
  EXPECT_EQ(plan.counts.machines, 4U);
  EXPECT_EQ(plan.counts.containers, 24U);
  EXPECT_THAT(plan.machine_numbers, ElementsAre(Pair("8", "0"), Pair("9", "1")));
  EXPECT_THAT(plan.placement.at("ceph-osd"), ElementsAre("8", "9"));
  ASSERT_EQ(plan.channels.size(), 3U);
  EXPECT_EQ(plan.channels[0].charm, "ceph-*");
  EXPECT_EQ(plan.channels[1].channel, "2.4/stable");
  EXPECT_EQ(plan.channels[2].charm, "*");
  EXPECT_EQ(plan.options.at("nova-compute").at("reserved-host-memory").value, json::value(8192));
  EXPECT_EQ(plan.options.at("glance").at("image-conversion").value, json::value(true));
  EXPECT_EQ(plan.options.at("a").at("b").value, json::value("text"));
  ASSERT_EQ(plan.require.size(), 2U);
  EXPECT_EQ(plan.require[1].first, "vault:shared-db");
  EXPECT_EQ(plan.require[1].second, "vault-mysql-router:shared-db");
  ASSERT_EQ(plan.forbid.size(), 2U);
  EXPECT_EQ(plan.forbid[1].value, "vault:ha");
  ASSERT_EQ(plan.warnings.size(), 2U);
  EXPECT_EQ(plan.warnings[1].value, "bundle.variables");
}

TEST_F(Sketch, gives_pki_and_dns) {
  ASSERT_TRUE(site_.pki);
  EXPECT_EQ(site_.pki->application, "octavia");
  EXPECT_EQ(site_.pki->ip_from_vip, "provider");
  EXPECT_EQ(site_.pki->organisation, "Neumatrix");
  EXPECT_EQ(site_.pki->name, "VR0 DC0 Omega Cloud Octavia");
  EXPECT_THAT(site_.pki->dns, ElementsAre("octavia-controller.omega.local", "octavia.omega.local"));
  ASSERT_TRUE(site_.dns);
  EXPECT_THAT(site_.dns->lookup, ElementsAre("api.snapcraft.io"));
  EXPECT_EQ(site_.dns->retry_for, minutes(7));
  EXPECT_THAT(site_.dns->phantom, ElementsAre(address("10.12.8.10")));
}

TEST_F(Sketch, gives_the_settled_state) {
  const Settled& settled = site_.settled;
  EXPECT_EQ(settled.deadline, hours(2));
  EXPECT_EQ(settled.dwell, minutes(5));
  EXPECT_EQ(settled.error_grace, minutes(9));
  EXPECT_EQ(settled.interval, Milliseconds(20'000));
  EXPECT_EQ(settled.otherwise.agent, "idle");
  ASSERT_EQ(settled.expect.size(), 5U);
  EXPECT_EQ(settled.expect[0].message, "Vault needs to be initialized");
  EXPECT_EQ(settled.expect[1].never, "*Missing required certificate*");
  EXPECT_EQ(settled.expect[1].workload, std::nullopt);
  EXPECT_EQ(settled.expect[2].message, "");
  EXPECT_EQ(settled.expect[3].agent, "executing");
  EXPECT_THAT(settled.expect[4].exactly,
              ElementsAre(Pair("*Mode: R/O*", 2), Pair("*Mode: R/W*", 1)));
}

TEST_F(Sketch, finds_the_expected_state_of_an_application_by_its_globs) {
  EXPECT_EQ(site_.settled.find("vault"), &site_.settled.expect[0]);
  EXPECT_EQ(site_.settled.find("ovn-central"), &site_.settled.expect[3]);
  EXPECT_EQ(site_.settled.find("ovn-chassis-octavia"), &site_.settled.expect[3]);
  EXPECT_EQ(site_.settled.find("vault-mysql-router"), nullptr);
}

TEST_F(Sketch, gives_bindings_and_what_is_accepted) {
  EXPECT_EQ(site_.bindings.at("ceph-mon").at("public").value, "data");
  EXPECT_EQ(site_.bindings.at("vault").at("").value, "metal");
  ASSERT_EQ(site_.accept.size(), 2U);
  EXPECT_EQ(site_.accept[0].code, "bundle/nic-used-twice");
  EXPECT_EQ(site_.accept[0].on, "ovn-chassis");
  EXPECT_EQ(site_.accept[0].reason, "D-057, decided later");
  EXPECT_EQ(site_.accept[1].on, "");
}

}  // namespace
}  // namespace gatehouse
