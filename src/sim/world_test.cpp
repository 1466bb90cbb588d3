#include "sim/world.h"

#include "sim/test_lab.h"

namespace gatehouse::sim {
namespace {

TEST(World, the_reference_site_has_the_nics_that_were_recorded) {
  TestLab test("omega");
  const LabMachine* machine = test.world().machine("openstack2");
  ASSERT_NE(machine, nullptr);
  EXPECT_EQ(machine->system_id, "h8frng");
  const std::map<std::string, std::pair<std::string, std::string>> recorded = {
      {"metal", {"enp1s0", "52:54:00:12:02:01"}},
      {"provider", {"enp7s0", "52:54:00:12:02:02"}},
      {"data", {"enp8s0", "52:54:00:12:02:03"}},
      {"storage", {"enp9s0", "52:54:00:12:02:04"}},
      {"replication", {"enp10s0", "52:54:00:12:02:05"}},
      {"lbaas", {"enp11s0", "52:54:00:12:02:06"}}};
  EXPECT_EQ(machine->nics.size(), recorded.size());
  for (const auto& [plane, nic] : recorded) {
    ASSERT_NE(machine->nic_on(plane), nullptr) << plane;
    EXPECT_EQ(machine->nic_on(plane)->name, nic.first);
    EXPECT_EQ(machine->nic_on(plane)->mac, nic.second);
  }
  EXPECT_EQ(machine->nic_on("storage")->address, parse_ipv4("10.12.16.42"));
}

TEST(World, a_plane_that_no_application_binds_carries_no_address) {
  TestLab test("omega");
  LabSettings settings = test.world().settings;
  settings.bound_spaces = {"metal-admin", "data-tenant"};
  const Result<LabWorld> world = build_world(test.world().site, settings);
  ASSERT_TRUE(world);
  EXPECT_FALSE(world->machines[0].nic_on("lbaas")->address);
  EXPECT_FALSE(world->machines[0].nic_on("lbaas")->quirk);
  EXPECT_TRUE(world->machines[0].nic_on("data")->address);
}

TEST(World, declared_nics_keep_their_names_at_another_site) {
  TestLab test("second");
  for (const SiteMachine& declared : test.world().site.machines) {
    const LabMachine* machine = test.world().machine(declared.hostname);
    ASSERT_NE(machine, nullptr);
    for (const auto& [nic, address] : declared.links) {
      const Plane* plane = test.world().site.plane_of(address.value);
      ASSERT_NE(plane, nullptr);
      EXPECT_EQ(machine->nic_on(plane->name)->name, nic);
      EXPECT_EQ(machine->nic_on(plane->name)->address, address.value);
    }
  }
}

TEST(World, addresses_are_handed_out_once_and_never_from_what_is_held) {
  TestLab test("omega");
  AddressPool pool(test.world());
  const LabPlane* metal = test.world().plane("metal");
  std::set<Ipv4> seen;
  for (int i = 0; i < 200; ++i) {
    const std::optional<Ipv4> address = pool.next(*metal);
    ASSERT_TRUE(address);
    EXPECT_TRUE(seen.insert(*address).second);
    EXPECT_TRUE(metal->plane.cidr.contains(*address));
    for (const VipLeg& leg : test.world().site.vips->legs)
      EXPECT_FALSE(leg.band.contains(*address));
    for (const auto& [name, taken] : test.world().site.vips->taken) EXPECT_NE(taken, *address);
  }
}

TEST(World, a_full_plane_hands_out_nothing) {
  TestLab test("omega");
  AddressPool pool(test.world());
  LabPlane tiny = *test.world().plane("data");
  tiny.plane.name = "tiny";
  tiny.plane.cidr = *parse_cidr("192.0.2.0/25");
  int count = 0;
  while (pool.next(tiny)) ++count;
  EXPECT_EQ(count, 63);  // .64 to .126
}

}  // namespace
}  // namespace gatehouse::sim
