// Virtual addresses, routers, disks of Ceph, policy overrides.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lint/lint_test_support.h"
#include "lint/osd_devices.h"

namespace gatehouse::lint_test {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(VipWithoutHa, is_found_at_the_option) {
  const std::string applications = R"(applications:
  keystone:
    charm: keystone
    options:
      vip: 10.0.0.5
  ha: {charm: hacluster}
)";
  EXPECT_THAT(found("bundle/vip-without-ha", {applications}), ElementsAre("5:7 error keystone"));
  EXPECT_THAT(
      found("bundle/vip-without-ha", {applications + "relations: [[keystone:ha, ha:ha]]\n"}),
      IsEmpty());
  EXPECT_THAT(found("bundle/vip-without-ha", {applications + "relations: [[keystone, ha]]\n"}),
              IsEmpty());
}

TEST(VipWithoutHa, is_not_asked_of_an_empty_one_nor_of_charms_without_ha) {
  EXPECT_THAT(found("bundle/vip-without-ha", {R"(applications:
  keystone: {charm: keystone, options: {vip: ""}}
  other: {charm: no-such-charm, options: {vip: 10.0.0.5}}
)"}),
              IsEmpty());
}

TEST(HaWithoutVip, is_found_at_the_end_of_the_relation) {
  const auto cluster = [](const std::string& options) {
    return "applications:\n  keystone: {charm: keystone, options: {" + options +
           "}}\n  ha: {charm: hacluster}\nrelations:\n  - [ha:ha, keystone:ha]\n";
  };
  EXPECT_THAT(found("bundle/ha-without-vip", {cluster("")}), ElementsAre("5:13 warning keystone"));
  EXPECT_THAT(found("bundle/ha-without-vip", {cluster("vip: 10.0.0.5")}), IsEmpty());
  EXPECT_THAT(found("bundle/ha-without-vip", {cluster("dns-ha: true")}), IsEmpty());
}

TEST(RouterUnbound, is_found_where_others_are_bound) {
  const std::string router = "  router: {charm: mysql-router}\n";
  EXPECT_THAT(
      found("bundle/router-unbound",
            {"applications:\n" + router + "  keystone: {charm: keystone, bindings: {\"\": a}}\n"}),
      ElementsAre("2:3 warning router"));
  EXPECT_THAT(found("bundle/router-unbound",
                    {"applications:\n" + router + "  keystone: {charm: keystone}\n"}),
              IsEmpty());
  EXPECT_THAT(found("bundle/router-unbound", {R"(applications:
  router: {charm: mysql-router, bindings: {"": a}}
  keystone: {charm: keystone, bindings: {"": a}}
)"}),
              IsEmpty());
}

TEST(StorageCount, is_one_where_none_is_written) {
  EXPECT_EQ(storage_count("loop,1024M"), 1U);
  EXPECT_EQ(storage_count("maas,3,10G"), 3U);
  EXPECT_EQ(storage_count("2"), 2U);
  EXPECT_EQ(storage_count(""), 1U);
}

std::string ceph(const std::string& store, const std::string& expected) {
  return R"(applications:
  store:
    charm: ceph-osd
    num_units: 4
)" + store +
         R"(  mon:
    charm: ceph-mon
    options:
      expected-osd-count: )" +
         expected + "\n";
}

const std::string kOption = "    options: {osd-devices: /dev/vdb}\n";
const std::string kStorage = "    storage: {osd-devices: \"loop,1024M\"}\n";

TEST(OsdStorageAdded, is_found_where_both_are_given) {
  EXPECT_THAT(found("bundle/osd-storage-added", {ceph(kOption + kStorage, "4")}),
              ElementsAre("6:15 warning store"));
  EXPECT_THAT(drawn("bundle/osd-storage-added", {ceph(kOption + kStorage, "4")}),
              HasSubstr("up to 8 OSDs on 4 units"));
  EXPECT_THAT(found("bundle/osd-storage-added", {ceph(kOption, "4")}), IsEmpty());
  EXPECT_THAT(found("bundle/osd-storage-added", {ceph(kStorage, "4")}), IsEmpty());
}

TEST(OsdCount, must_lie_between_what_is_made_and_what_can_be) {
  const auto judged = [](const std::string& store, const std::string& expected) {
    return found("bundle/osd-count", {ceph(store, expected)});
  };
  EXPECT_THAT(judged(kOption, "4"), IsEmpty());
  EXPECT_THAT(judged(kOption, "3"), IsEmpty()) << "one of the disks may be absent";
  EXPECT_THAT(judged(kOption, "5"), ElementsAre("9:27 warning mon"));
  EXPECT_THAT(judged(kStorage, "3"), ElementsAre("9:27 warning mon"));
  EXPECT_THAT(judged(kOption + kStorage, "8"), IsEmpty());
  EXPECT_THAT(judged("", "8"), IsEmpty()) << "disks may be added by an action";
}

TEST(PolicydWithoutResource, is_found_at_the_option) {
  const std::string on = "  keystone: {charm: keystone, options: {use-policyd-override: true}";
  EXPECT_THAT(found("bundle/policyd-without-resource", {"applications:\n" + on + "}\n"}),
              ElementsAre("2:41 warning keystone"));
  EXPECT_THAT(found("bundle/policyd-without-resource",
                    {"applications:\n" + on + ", resources: {policyd-override: 3}}\n"}),
              IsEmpty());
  EXPECT_THAT(
      found("bundle/policyd-without-resource", {"applications: {keystone: {charm: keystone, "
                                                "options: {use-policyd-override: false}}}\n"}),
      IsEmpty());
}

}  // namespace

}  // namespace gatehouse::lint_test
