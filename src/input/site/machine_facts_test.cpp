// What the site file says of a machine beyond its links.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "input/site/load_site.h"

namespace gatehouse {
namespace {

using testing::HasSubstr;

LoadedSite load(SourceMap& sources, const std::string& machine) {
  return load_site(sources.add("site.yaml", R"(gatehouse: 1
site: small
bundle: bundle.yaml
juju: {controller: main, model: cloud}
maas: {profile: admin}
planes:
  front: {cidr: 10.0.0.0/24}
machines:
  node0: )" + machine + "\nsettled: {}\n"));
}

std::string finding_of(const std::string& machine) {
  SourceMap sources;
  const LoadedSite loaded = load(sources, machine);
  EXPECT_EQ(loaded.findings.size(), 1U);
  return loaded.findings.empty() ? "" : render(loaded.findings[0], Colour::off);
}

TEST(SiteMachineFacts, are_macs_by_plane_and_memory) {
  SourceMap sources;
  const LoadedSite loaded = load(sources, R"({macs: {front: "52:54:00:12:0A:02"}, memory: 64GiB})");
  ASSERT_TRUE(loaded.site);
  const SiteMachine& machine = loaded.site->machines.at(0);
  EXPECT_EQ(machine.macs.at("front").value, "52:54:00:12:0A:02");
  EXPECT_EQ(machine.memory, std::uint64_t{64} << 30U);
}

TEST(SiteMachineFacts, take_a_mac_without_quotes) {
  SourceMap sources;
  const LoadedSite loaded = load(sources, "{macs: {front: 52:54:00:12:00:02}}");
  ASSERT_TRUE(loaded.site);
  EXPECT_EQ(loaded.site->machines.at(0).macs.at("front").value, "52:54:00:12:00:02");
}

TEST(SiteMachineFacts, refuse_what_is_no_mac_and_planes_that_are_not_there) {
  EXPECT_THAT(finding_of("{macs: {front: 52-54-00-12-00-02}}"),
              HasSubstr("site.yaml:9:25: error: machines.node0.macs.front is"));
  EXPECT_THAT(finding_of("{macs: {front: \"52:54:00:12:00\"}}"), HasSubstr("[site/bad-mac]"));
  EXPECT_THAT(finding_of("{macs: {frnt: \"52:54:00:12:00:02\"}}"), HasSubstr("did you mean front"));
  EXPECT_THAT(finding_of("{memory: lots}"), HasSubstr("[site/bad-size]"));
}

}  // namespace
}  // namespace gatehouse
