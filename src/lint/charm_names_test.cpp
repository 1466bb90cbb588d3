#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lint/lint_test_support.h"

namespace gatehouse::lint_test {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST(UnknownOption, is_an_error_on_the_catalogues_own_track) {
  const Texts texts{R"(applications:
  store:
    charm: ceph-osd
    channel: squid/stable
    options:
      osd-devices: /dev/vdb
      osd-device: /dev/vdc
)"};
  EXPECT_THAT(found("charm/unknown-option", texts), ElementsAre("7:7 error store"));
  const std::string text = drawn("charm/unknown-option", texts);
  EXPECT_THAT(text, HasSubstr("charm ceph-osd has no option \"osd-device\" in squid/stable"));
  EXPECT_THAT(text, HasSubstr("did you mean \"osd-devices\"?"));
}

TEST(UnknownOption, is_a_doubt_on_another_track_and_without_one) {
  EXPECT_THAT(found("charm/unknown-option", {R"(applications:
  a: {charm: ceph-osd, channel: reef/stable, options: {no-such-thing: 1}}
  b: {charm: ceph-osd, options: {no-such-thing: 1}}
)"}),
              ElementsAre("2:56 warning a", "3:34 warning b"));
}

TEST(UnknownOption, is_a_note_where_another_version_has_it) {
  // `bluestore` went away before squid.
  const Texts texts{R"(applications:
  a: {charm: ceph-osd, channel: quincy/stable, options: {bluestore: true}}
)"};
  EXPECT_THAT(found("charm/unknown-option", texts), ElementsAre("2:58 note a"));
}

TEST(UnknownOption, says_nothing_of_trust_of_known_ones_and_of_charms_that_are_not_known) {
  EXPECT_THAT(found("charm/unknown-option", {R"(applications:
  a: {charm: ceph-osd, channel: squid/stable, options: {osd-devices: /dev/vdb, trust: true}}
  b: {charm: no-such-charm, options: {anything: 1}}
  c: {charm: memcached, options: {anything: 1}}
)"}),
              IsEmpty());
}

TEST(UnknownOption, points_at_the_key_of_an_overlay) {
  EXPECT_THAT(found("charm/unknown-option",
                    {.bundle = "applications: {a: {charm: keystone, channel: 2024.1/stable}}\n",
                     .overlay = "applications:\n  a:\n    options:\n      \"vipp\": x\n"}),
              ElementsAre("overlay:4:7 error a"));
}

TEST(UnknownBinding, takes_endpoints_extra_bindings_and_the_default) {
  EXPECT_THAT(found("charm/unknown-binding", {R"(applications:
  mon:
    charm: ceph-mon
    channel: squid/stable
    bindings:
      "": a
      public: b
      osd: b
      juju-info: b
      publik: b
)"}),
              ElementsAre("10:7 error mon"));
}

TEST(UnknownResource, is_found_at_its_key) {
  EXPECT_THAT(found("charm/unknown-resource", {R"(applications:
  identity:
    charm: keystone
    channel: 2024.1/stable
    resources: {policyd-override: 1, policyd-overide: 2}
)"}),
              ElementsAre("5:38 error identity"));
}

TEST(UnknownStorage, is_found_at_its_key) {
  EXPECT_THAT(found("charm/unknown-storage", {R"(applications:
  store:
    charm: ceph-osd
    channel: squid/stable
    storage: {osd-devices: "1,1G", osd-devises: "1,1G"}
)"}),
              ElementsAre("5:36 error store"));
}

TEST(UnknownEndpoint, is_found_at_its_end_of_the_relation) {
  const Texts texts{R"(applications:
  keystone: {charm: keystone, channel: 2024.1/stable}
  router: {charm: mysql-router, channel: 8.0/stable}
relations:
  - [keystone:shared-db, router:shared-db]
  - [keystone:juju-info, router:juju-info]
  - - keystone:shared-dbs
    - router:shared-db
)"};
  EXPECT_THAT(found("charm/unknown-endpoint", texts), ElementsAre("7:7 error keystone"));
  EXPECT_THAT(drawn("charm/unknown-endpoint", texts), HasSubstr("did you mean \"shared-db\"?"));
}

TEST(UnknownOption, is_listed_a_thousand_times_and_then_counted) {
  Texts texts{
      "applications:\n  a:\n    charm: keystone\n    channel: 2024.1/stable\n    options:\n"};
  for (int i = 0; i < 1'005; ++i) texts.bundle += "      no-such-" + std::to_string(i) + ": 1\n";
  const auto lines = found("charm/unknown-option", texts);
  EXPECT_EQ(lines.size(), 1'001U);
  EXPECT_THAT(drawn("charm/unknown-option", texts), HasSubstr("5 more of these are not listed"));
}

TEST(CharmNotJudged, is_noted_once_for_each_charm_of_which_too_little_is_known) {
  EXPECT_THAT(found("charm/not-judged", {R"(applications:
  a: {charm: no-such-charm}
  b: {charm: no-such-charm}
  c: {charm: memcached, options: {size: 1, no-such-option: 2}}
  d: {charm: keystone}
)"}),
              ElementsAre("2:14 note a", "4:14 note c"));
}

TEST(CharmNotJudged, is_not_noted_of_an_incomplete_charm_whose_every_use_is_known) {
  EXPECT_THAT(found("charm/not-judged", {R"(applications:
  cache: {charm: memcached, bindings: {"": inside}}
  compute: {charm: nova-cloud-controller}
relations: [[cache:cache, compute:memcache]]
)"}),
              IsEmpty());
}

}  // namespace

}  // namespace gatehouse::lint_test
