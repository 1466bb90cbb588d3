#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lint/lint_test_support.h"

namespace gatehouse::lint_test {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kCode = "bundle/nic-used-twice";

// A hypervisor with a chassis on machine 0, and an API in a container on the machine named.
std::string cloud(const std::string& place, const std::string& space = "front-net",
                  const std::string& nic = "52:54:00:00:00:0A") {
  return R"(machines: {"0": {}, "1": {}}
applications:
  compute: {charm: nova-compute, num_units: 2, to: ["0", new]}
  keystone:
    charm: keystone
    num_units: 1
    to: [)" +
         place + R"(]
    bindings: {"": inside-net, public: )" +
         space + R"(}
  other: {charm: ceph-osd, num_units: 1, to: ["1"]}
  chassis:
    charm: ovn-chassis
    options:
      bridge-interface-mappings: br-ex:)" +
         nic + R"(
relations: [[chassis:nova-compute, compute:neutron-plugin]]
)";
}

const std::string kSite =
    site_with(R"({n0: {macs: {front: "52:54:00:00:00:0a"}, links: {eno1: 10.0.0.7}}, n1: {}})");

TEST(NicUsedTwice, is_found_where_a_container_beside_the_bridge_binds_its_space) {
  EXPECT_THAT(found(kCode, {cloud("lxd:0"), kSite}), ElementsAre("13:34 error chassis"));
  EXPECT_THAT(drawn(kCode, {cloud("lxd:0"), kSite}),
              HasSubstr("br-ex takes the NIC of plane front, and containers on the same machines "
                        "bind its space front-net (1 application: keystone): both want the one "
                        "NIC"));
}

TEST(NicUsedTwice, is_found_by_the_name_of_a_linked_nic_too) {
  EXPECT_THAT(found(kCode, {cloud("lxd:0", "front-net", "eno1"), kSite}),
              ElementsAre("13:34 error chassis"));
}

TEST(NicUsedTwice, is_no_matter_for_other_machines_other_spaces_and_other_nics) {
  EXPECT_THAT(found(kCode, {cloud("lxd:1"), kSite}), IsEmpty());
  EXPECT_THAT(found(kCode, {cloud("\"0\""), kSite}), IsEmpty());
  EXPECT_THAT(found(kCode, {cloud("lxd:0", "store-net"), kSite}), IsEmpty());
  EXPECT_THAT(found(kCode, {cloud("lxd:0", "front-net", "52:54:00:00:00:0b"), kSite}), IsEmpty());
  EXPECT_THAT(found(kCode, {cloud("lxd:0", "front-net", "eno2"), kSite}), IsEmpty());
}

TEST(NicUsedTwice, cannot_be_judged_where_the_site_knows_no_mac) {
  EXPECT_THAT(found(kCode, {cloud("lxd:0"), site_with("{n0: {}, n1: {}}")}),
              ElementsAre("13:34 note chassis"));
  EXPECT_THAT(found(kCode, {cloud("lxd:0")}), IsEmpty());
}

TEST(NicUsedTwice, shows_nothing_of_a_secret_overlay) {
  const std::string text =
      drawn(kCode, {.bundle = cloud("lxd:0", "front-net", "none"),
                    .site = kSite,
                    .overlay = "applications:\n  chassis:\n    options:\n      "
                               "bridge-interface-mappings: swordfish:52:54:00:00:00:0a\n",
                    .overlay_sensitivity = Sensitivity::secret});
  EXPECT_THAT(text, HasSubstr("overlay.yaml:4:34: error: a bridge takes the NIC"));
  EXPECT_THAT(text, testing::Not(HasSubstr("swordfish")));
}

}  // namespace

}  // namespace gatehouse::lint_test
