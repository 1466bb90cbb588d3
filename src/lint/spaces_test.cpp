#include "lint/spaces.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lint/lint_test_support.h"

namespace gatehouse::lint_test {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(ConstraintSpaces, are_wanted_or_excluded) {
  const ConstraintSpaces spaces = constraint_spaces("mem=4G spaces=a,^b,c arch=amd64");
  EXPECT_THAT(spaces.wanted, ElementsAre("a", "c"));
  EXPECT_THAT(spaces.excluded, ElementsAre("b"));
  EXPECT_THAT(constraint_spaces("mem=4G").wanted, IsEmpty());
  EXPECT_EQ(constraint("mem=4G arch=amd64", "arch"), "amd64");
  EXPECT_EQ(constraint("mem=4G", "me"), "");
}

const std::string kMachines = "{n0: {}, n1: {}, n2: {}}";

TEST(UnknownSpace, is_found_in_bindings_and_in_constraints) {
  const Texts texts{R"(machines: {"0": {constraints: "spaces=front-net,^stor-net"}}
applications:
  keystone:
    charm: keystone
    num_units: 1
    to: ["0"]
    constraints: spaces=outside-net
    bindings: {"": inside-net, public: frontnet}
)",
                    site_with(kMachines)};
  EXPECT_THAT(found("bundle/unknown-space", texts),
              ElementsAre("1:31 error 0", "7:18 error keystone", "8:40 error keystone"));
  EXPECT_THAT(drawn("bundle/unknown-space", texts), HasSubstr("did you mean front-net?"));
}

TEST(UnknownSpace, is_not_judged_without_a_site_nor_of_the_default_space) {
  const std::string bundle = "applications: {a: {charm: keystone, bindings: {\"\": nowhere}}}\n";
  EXPECT_THAT(found("bundle/unknown-space", {bundle}), IsEmpty());
  EXPECT_THAT(found("bundle/unknown-space",
                    {"applications: {a: {charm: keystone, bindings: {\"\": \"\"}}}\n",
                     site_with(kMachines)}),
              IsEmpty());
}

const std::string kStore = R"(machines: {"0": {}, "1": {}}
applications:
  store:
    charm: ceph-osd
    num_units: 2
    to: ["0", "1"]
    bindings: {"": inside-net, cluster: store-net}
)";

TEST(SpaceWithoutNic, is_a_doubt_while_enough_machines_have_one) {
  const Texts texts{kStore, site_with(R"({n0: {links: {e1: 10.0.2.1}}, n1: {links: {e1: 10.0.2.2}},
  n2: {links: {e2: 10.0.0.3}}})")};
  EXPECT_THAT(found("bundle/space-without-nic", texts), ElementsAre("7:41 warning store"));
  EXPECT_THAT(drawn("bundle/space-without-nic", texts),
              HasSubstr("space store-net is bound on 2 machines (first by store \"cluster\"), and "
                        "the site declares no NIC on plane store for n2"));
}

TEST(SpaceWithoutNic, is_an_error_where_too_few_machines_have_one) {
  EXPECT_THAT(found("bundle/space-without-nic",
                    {kStore, site_with("{n0: {links: {e1: 10.0.2.1}}, n1: {}, n2: {}}")}),
              ElementsAre("7:41 error store"));
}

TEST(SpaceWithoutNic, says_nothing_where_all_have_one_or_nothing_is_declared) {
  EXPECT_THAT(found("bundle/space-without-nic",
                    {kStore, site_with("{n0: {links: {e1: 10.0.2.1}}, "
                                       "n1: {macs: {store: \"52:54:00:00:00:01\"}}}")}),
              IsEmpty());
  EXPECT_THAT(found("bundle/space-without-nic", {kStore, site_with(kMachines)}), IsEmpty());
  EXPECT_THAT(found("bundle/space-without-nic", {kStore}), IsEmpty());
}

}  // namespace

}  // namespace gatehouse::lint_test
