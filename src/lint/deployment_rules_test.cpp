// Channels, bases, placement, memory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lint/channels.h"
#include "lint/lint_test_support.h"

namespace gatehouse::lint_test {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kMatrix =
    site_with("{n0: {}}", "plan: {channels: [{memcached: latest/stable}, {ceph-*: squid/stable}]}");

TEST(WholeChannel, names_track_and_risk) {
  EXPECT_EQ(whole_channel("stable"), "latest/stable");
  EXPECT_EQ(whole_channel("edge/fix"), "latest/edge/fix");
  EXPECT_EQ(whole_channel("8.0"), "8.0/stable");
  EXPECT_EQ(whole_channel("8.0/edge"), "8.0/edge");
  EXPECT_EQ(whole_channel(""), "");
}

TEST(ChannelOutsideMatrix, is_another_one_none_or_one_of_a_charm_without_a_rule) {
  const Texts texts{R"(applications:
  a: {charm: ceph-mon, channel: squid}
  b: {charm: ceph-osd, channel: reef/stable}
  c: {charm: ceph-fs}
  d: {charm: vault, channel: 1.8/stable}
  e: {charm: memcached, channel: stable}
)",
                    kMatrix};
  EXPECT_THAT(found("bundle/channel-outside-matrix", texts),
              ElementsAre("3:33 error b", "4:3 error c", "5:30 error d"));
  EXPECT_THAT(found("bundle/channel-outside-matrix", {texts.bundle}), IsEmpty());
}

TEST(ChannelLatest, is_remarked_on_unless_the_matrix_has_a_word_on_the_charm) {
  const std::string bundle = R"(applications:
  a: {charm: memcached, channel: latest/stable}
  b: {charm: ntp, channel: edge}
  c: {charm: vault, channel: 1.8/stable}
)";
  EXPECT_THAT(found("bundle/channel-latest", {bundle}),
              ElementsAre("2:34 warning a", "3:28 warning b"));
  EXPECT_THAT(found("bundle/channel-latest", {bundle, kMatrix}), ElementsAre("3:28 warning b"));
}

TEST(ChannelUnpinned, is_told_of_each_or_once_of_all) {
  EXPECT_THAT(found("bundle/channel-unpinned", {R"(applications:
  a: {charm: memcached}
  b: {charm: ntp, channel: edge}
)"}),
              ElementsAre("2:3 warning a"));
  EXPECT_THAT(found("bundle/channel-unpinned", {R"(applications:
  a: {charm: memcached}
  b: {charm: ntp}
)"}),
              ElementsAre("2:3 warning "));
  EXPECT_THAT(found("bundle/channel-unpinned", {"applications: {a: {charm: ntp}}\n", kMatrix}),
              IsEmpty());
}

TEST(BaseMissing, is_told_of_each_or_once_of_all) {
  EXPECT_THAT(found("bundle/base-missing", {R"(applications:
  a: {charm: memcached}
  b: {charm: ntp, base: ubuntu@22.04}
)"}),
              ElementsAre("2:3 warning a"));
  EXPECT_THAT(found("bundle/base-missing", {R"(applications:
  a: {charm: memcached}
  b: {charm: ntp}
)"}),
              ElementsAre("2:3 warning "));
  EXPECT_THAT(found("bundle/base-missing", {R"(default-base: ubuntu@22.04
applications: {a: {charm: ntp}}
)"}),
              IsEmpty());
  EXPECT_THAT(found("bundle/base-missing", {R"(bundle: kubernetes
applications: {a: {charm: keystone-k8s}}
)"}),
              IsEmpty());
}

TEST(BaseMixed, is_told_of_the_few_and_is_an_error_beside_a_principal) {
  EXPECT_THAT(found("bundle/base-mixed", {R"(default-base: ubuntu@22.04
applications:
  a: {charm: memcached}
  b: {charm: keystone, series: jammy}
  c: {charm: glance, base: ubuntu@20.04}
)"}),
              ElementsAre("5:28 warning c"));
  EXPECT_THAT(found("bundle/base-mixed", {R"(default-base: ubuntu@22.04
applications:
  a: {charm: memcached}
  b: {charm: keystone}
  r: {charm: mysql-router, base: ubuntu@20.04}
relations: [[b:shared-db, r:shared-db]]
)"}),
              ElementsAre("5:34 error r"));
}

TEST(UnitsOnOneMachine, count_by_machine_and_not_by_container) {
  const auto two = [](const std::string& places) {
    return "machines: {\"0\": {}, \"1\": {}}\napplications:\n  a:\n    charm: keystone\n    "
           "num_units: 2\n    to: [" +
           places + "]\n  z: {charm: ceph-osd, num_units: 2, to: [\"0\", \"1\"]}\n";
  };
  EXPECT_THAT(found("bundle/units-on-one-machine", {two("lxd:0, lxd:0")}),
              ElementsAre("6:5 warning a"));
  EXPECT_THAT(found("bundle/units-on-one-machine", {two("lxd:0, lxd:1")}), IsEmpty());
}

TEST(UnitsOnOneMachine, are_only_noted_where_there_is_no_other) {
  EXPECT_THAT(found("bundle/units-on-one-machine", {R"(machines: {"0": {}}
applications: {a: {charm: keystone, num_units: 2, to: [lxd:0, lxd:0]}}
)"}),
              ElementsAre("2:51 note a"));
}

// Machine 0 of that memory carries nova-compute and three containers.
Texts hypervisor(const std::string& reserved, const std::string& memory) {
  return {R"(machines: {"0": {}}
applications:
  compute:
    charm: nova-compute
    num_units: 1
    to: ["0"]
    options: {)" +
              reserved + R"(}
  a: {charm: keystone, num_units: 3, to: [lxd:0, lxd:0, lxd:0]}
)",
          site_with("{n0: {memory: " + memory + "}}")};
}

TEST(HostMemory, must_hold_what_is_reserved_and_leave_room_for_containers) {
  EXPECT_THAT(found("bundle/host-memory", hypervisor("reserved-host-memory: 4096", "64GiB")),
              IsEmpty());
  EXPECT_THAT(found("bundle/host-memory", hypervisor("reserved-host-memory: 2048", "64GiB")),
              ElementsAre("7:37 warning compute"));
  EXPECT_THAT(found("bundle/host-memory", hypervisor("", "64GiB")),
              ElementsAre("3:3 warning compute"));
  EXPECT_THAT(found("bundle/host-memory", hypervisor("reserved-host-memory: 65536", "64GiB")),
              ElementsAre("7:37 error compute"));
  EXPECT_THAT(found("bundle/host-memory", hypervisor("reserved-host-memory: 1024", "2GiB")),
              ElementsAre("1:12 warning 0", "7:37 warning compute"));
}

TEST(HostMemory, is_not_needed_to_judge_the_reserve_against_the_containers) {
  const Texts unknown{hypervisor("reserved-host-memory: 2048", "64GiB").bundle};
  EXPECT_THAT(found("bundle/host-memory", unknown), ElementsAre("7:37 warning compute"));
  EXPECT_THAT(
      found("bundle/host-memory", {hypervisor("reserved-host-memory: 3072", "64GiB").bundle}),
      IsEmpty());
}

TEST(HostMemory, is_told_of_where_it_is_worst) {
  EXPECT_THAT(found("bundle/host-memory", {R"(machines:
  "0": {constraints: mem=64G}
  "1": {constraints: mem=1G}
applications:
  compute:
    charm: nova-compute
    num_units: 2
    to: ["0", "1"]
    options: {reserved-host-memory: 2048}
  a: {charm: keystone, num_units: 3, to: [lxd:0, lxd:0, lxd:0]}
)"}),
              ElementsAre("9:37 error compute"));
}

TEST(HostMemory, is_taken_from_a_constraint_too_and_else_not_judged) {
  const std::string bundle = R"(machines: {"0": {constraints: MEMORY}}
applications:
  compute: {charm: nova-compute, num_units: 1, to: ["0"], options: {reserved-host-memory: 9000}}
)";
  const auto with = [&](const std::string& memory) {
    std::string text = bundle;
    return text.replace(text.find("MEMORY"), 6, memory);
  };
  EXPECT_THAT(found("bundle/host-memory", {with("mem=8G")}), ElementsAre("3:91 error compute"));
  EXPECT_THAT(found("bundle/host-memory", {with("mem=16G")}), IsEmpty());
  EXPECT_THAT(found("bundle/host-memory", {with("arch=amd64")}), IsEmpty());
}

}  // namespace

}  // namespace gatehouse::lint_test
