#include "gates/gates_test_support.h"

namespace gatehouse::gates_test {

namespace {

constexpr std::string_view kGate = "reserved_ranges";

TEST(ReservedRanges, HoldWhereSeveralAdjoiningOnesCoverWhatIsWanted) {
  EXPECT_RULING(kGate, good_world(), Ruling::pass);
}

TEST(ReservedRanges, DoNotCompareTheEndsOfMaasRanges) {
  World world = good_world();
  world.ranges()[1].end = "10.1.0.59";
  EXPECT_RULING(kGate, world, Ruling::pass);
  world.ranges()[1].end = "10.1.0.99";
  EXPECT_RULING(kGate, world, Ruling::pass);
}

TEST(ReservedRanges, FailWhereARangeIsGone) {
  World world = good_world();
  world.ranges().erase(world.ranges().begin() + 2);
  const Verdict verdict = verdict_of(kGate, world);
  EXPECT_EQ(checks_of(verdict, Ruling::fail),
            "vips-back | 10.2.0.50-10.2.0.59 wholly reserved, nothing of it dynamic | none\n"
            "shop 10.2.0.51 | 10.2.0.51 wholly reserved, nothing of it dynamic | none\n"
            "web 10.2.0.50 | 10.2.0.50 wholly reserved, nothing of it dynamic | none\n");
}

TEST(ReservedRanges, FailWhereAGapIsLeft) {
  World world = good_world();
  world.ranges()[1].start = "10.1.0.56";
  EXPECT_EQ(checks_of(verdict_of(kGate, world), Ruling::fail),
            "vips | 10.1.0.50-10.1.0.59 wholly reserved, nothing of it dynamic | "
            "reserved 10.1.0.50-10.1.0.54 (first), reserved 10.1.0.56-10.1.0.63 (second)\n");
}

TEST(ReservedRanges, FailWhereADynamicRangeReachesIn) {
  World world = good_world();
  world.ranges().push_back({9, "dynamic", "10.1.0.59", "10.1.0.80", "", "10.1.0.0/24"});
  EXPECT_EQ(checks_of(verdict_of(kGate, world), Ruling::fail),
            "vips | 10.1.0.50-10.1.0.59 wholly reserved, nothing of it dynamic | "
            "dynamic 10.1.0.59-10.1.0.80, handed out by DHCP\n");
}

TEST(ReservedRanges, FailWhereAStaleRangeIsStillThere) {
  for (const char* type : {"reserved", "dynamic"}) {
    World world = good_world();
    world.ranges().push_back({9, type, "10.1.0.5", "10.1.0.10", "old", "10.1.0.0/24"});
    EXPECT_EQ(checks_of(verdict_of(kGate, world), Ruling::fail),
              std::string("stale | no range of MAAS in 10.1.0.10-10.1.0.20 | ") + type +
                  " 10.1.0.5-10.1.0.10 (old)\n");
  }
}

TEST(ReservedRanges, FailWhereAVipLiesOutsideOfAll) {
  World world = good_world();
  world.application("web").options["vip"].value = "10.1.0.70 10.2.0.50";
  EXPECT_EQ(checks_of(verdict_of(kGate, world), Ruling::fail),
            "web 10.1.0.70 | 10.1.0.70 wholly reserved, nothing of it dynamic | none\n");
}

TEST(ReservedRanges, FailWhereAnAddressOfOneIsInUse) {
  World world = good_world();
  world.facts.maas_addresses["10.1.0.0/24"] = seen(std::vector<MaasAddress>{
      {"10.1.0.59", "gamma", 1}, {"10.1.0.50", "somebody", 4}, {"10.1.0.60", "delta", 1}});
  EXPECT_EQ(checks_of(verdict_of(kGate, world), Ruling::fail),
            "vips: addresses in use | none of 10.1.0.50-10.1.0.59 | "
            "10.1.0.59 by gamma, 10.1.0.50 reserved singly by somebody\n");
}

TEST(ReservedRanges, AreUnknownWhereTheAddressesInUseAre) {
  World world = good_world();
  world.facts.maas_addresses["10.1.0.0/24"] = not_told<std::vector<MaasAddress>>();
  EXPECT_RULING(kGate, world, Ruling::unknown);
  world.facts.maas_addresses.clear();
  EXPECT_RULING(kGate, world, Ruling::unknown);
}

TEST(ReservedRanges, AreUnknownWhereMaasDoesNotAnswerOrCannotBeRead) {
  World world = good_world();
  world.ranges().push_back({9, "reserved", "from here", "to there", "", ""});
  EXPECT_RULING(kGate, world, Ruling::unknown);
  world.facts.maas_ranges = not_told<std::vector<MaasRange>>();
  EXPECT_RULING(kGate, world, Ruling::unknown);
}

TEST(ReservedRanges, HaveNothingToExamineWhereNothingIsDeclared) {
  World world = good_world();
  world.inputs.site.reserved.clear();
  world.inputs.site.absent.clear();
  world.inputs.site.vips.reset();
  EXPECT_RULING(kGate, world, Ruling::unknown);
  EXPECT_FALSE(find_gate(kGate)->applies(world.inputs));
}

}  // namespace

}  // namespace gatehouse::gates_test
