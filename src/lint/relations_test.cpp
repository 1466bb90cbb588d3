#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lint/lint_test_support.h"

namespace gatehouse::lint_test {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kApplications = R"(applications:
  keystone: {charm: keystone, channel: 2024.1/stable}
  glance: {charm: glance, channel: 2024.1/stable}
  router: {charm: mysql-router, channel: 8.0/stable}
  ntp: {charm: ntp}
relations:
)";

TEST(RelationMismatch, finds_another_interface_and_the_same_role) {
  const Texts texts{kApplications + R"(
  - [glance:identity-service, keystone:identity-credentials]
  - [glance:identity-service, router:db-router]
  - [glance:identity-service, keystone:identity-service]
)"};
  EXPECT_THAT(found("charm/relation-mismatch", texts),
              ElementsAre("8:5 error glance", "9:5 error glance"));
  EXPECT_THAT(drawn("charm/relation-mismatch", texts),
              HasSubstr("glance:identity-service requires keystone, and "
                        "keystone:identity-credentials provides keystone-credentials"));
}

TEST(RelationMismatch, resolves_endpoints_that_are_not_written) {
  EXPECT_THAT(found("charm/relation-mismatch", {kApplications + R"(
  - [glance, keystone]
  - [keystone, router]
  - [keystone, ntp]
)"}),
              IsEmpty());
  EXPECT_THAT(found("charm/relation-mismatch", {R"(applications:
  mon: {charm: ceph-mon, channel: squid/stable}
  keystone: {charm: keystone, channel: 2024.1/stable}
relations: [[mon, keystone]]
)"}),
              ElementsAre("4:13 error mon"));
}

TEST(RelationMismatch, leaves_unknown_names_and_charms_to_other_rules) {
  EXPECT_THAT(found("charm/relation-mismatch", {R"(applications:
  a: {charm: no-such-charm}
  keystone: {charm: keystone, channel: 2024.1/stable}
  glance: {charm: glance, channel: 2024.1/stable}
saas: {remote: {url: "c:admin/m.o"}}
relations:
  - [a:x, keystone:shared-db]
  - [glance:no-such-endpoint, keystone:identity-service]
  - [glance:identity-service, remote:identity-service]
)"}),
              IsEmpty());
}

TEST(RelationAmbiguous, asks_for_the_endpoints) {
  const std::string applications = R"(applications:
  ceilometer: {charm: ceilometer, channel: 2024.1/stable}
  keystone: {charm: keystone, channel: 2024.1/stable}
  glance: {charm: glance, channel: 2024.1/stable}
relations:
)";
  EXPECT_THAT(found("charm/relation-ambiguous", {applications + "  - [ceilometer, keystone]\n"}),
              ElementsAre("6:5 warning ceilometer"));
  EXPECT_THAT(found("charm/relation-ambiguous",
                    {applications + "  - [glance, keystone]\n"
                                    "  - [ceilometer:identity-service, keystone]\n"}),
              IsEmpty());
}

TEST(SubordinateUnits, are_found_at_num_units_or_at_the_placement) {
  EXPECT_THAT(found("bundle/subordinate-units", {R"(machines: {"0": {}}
applications:
  chassis: {charm: ovn-chassis, num_units: 1, to: ["0"]}
  router: {charm: mysql-router, num_units: 0}
  keystone: {charm: keystone, num_units: 1}
)"}),
              ElementsAre("3:44 error chassis"));
}

TEST(SubordinateUnrelated, is_one_that_no_relation_attaches) {
  const std::string applications = R"(applications:
  chassis: {charm: ovn-chassis}
  central: {charm: ovn-central}
  compute: {charm: nova-compute}
relations:
  - [chassis:ovsdb, central:ovsdb]
)";
  EXPECT_THAT(found("bundle/subordinate-unrelated", {applications}),
              ElementsAre("2:3 warning chassis"));
  EXPECT_THAT(found("bundle/subordinate-unrelated",
                    {applications + "  - [chassis:nova-compute, compute:neutron-plugin]\n"}),
              IsEmpty());
  EXPECT_THAT(found("bundle/subordinate-unrelated", {R"(applications:
  chassis: {charm: ovn-chassis}
  other: {charm: no-such-charm}
relations: [[chassis, other]]
)"}),
              IsEmpty());
}

const std::string kCompute = R"(applications:
  compute: {charm: nova-compute, bindings: {"": a, neutron-plugin: b}, constraints: spaces=d}
  chassis:
    charm: ovn-chassis
    bindings: {"": a, data: SPACE}
relations: [[chassis:nova-compute, compute:neutron-plugin]]
)";

std::string compute_with(const std::string& space) {
  std::string text = kCompute;
  return text.replace(text.find("SPACE"), 5, space);
}

TEST(SubordinateSpace, must_be_bound_by_the_principal) {
  EXPECT_THAT(found("bundle/subordinate-space", {compute_with("c")}),
              ElementsAre("5:29 warning chassis"));
  EXPECT_THAT(found("bundle/subordinate-space", {compute_with("b")}), IsEmpty());
  EXPECT_THAT(found("bundle/subordinate-space", {compute_with("d")}), IsEmpty());
}

}  // namespace

}  // namespace gatehouse::lint_test
