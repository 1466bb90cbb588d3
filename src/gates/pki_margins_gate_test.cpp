#include "gates/gates_test_support.h"

namespace gatehouse::gates_test {

namespace {

constexpr std::string_view kGate = "pki_margins";

World with_end(std::string_view end) {
  World world = good_world();
  world.facts.pki.value()->certificates.at(0).not_after = parse_rfc3339(end).value();
  return world;
}

TEST(PkiMargins, HoldsToTheDay) {
  EXPECT_RULING(kGate, with_end("2027-01-05T00:00:00Z"), Ruling::pass);
}

TEST(PkiMargins, FailsWhereACertificateHasADayTooFew) {
  const World world = with_end("2027-01-04T23:59:59Z");
  EXPECT_EQ(checks_of(verdict_of(kGate, world), Ruling::fail),
            "issuing CA | at least 44 days left | 43 days left, until 2027-01-04T23:59:59Z\n");
}

TEST(PkiMargins, CountsFromTheMomentThatTheOverlayWasJudgedFor) {
  World world = with_end("2027-01-05T00:00:00Z");
  world.facts.pki.value()->judged_at = parse_rfc3339("2027-01-01T00:00:00Z").value();
  EXPECT_RULING(kGate, world, Ruling::fail);
}

TEST(PkiMargins, AsksNothingOfAnAuthorityThatAnOverlapStillCarries) {
  World world = with_end("2036-11-22T00:00:00Z");
  CertificateFacts former = world.facts.pki.value()->certificates.at(0);
  former.not_after = world.facts.at;
  former.least_days = 0;
  world.facts.pki.value()->certificates.push_back(former);
  EXPECT_RULING(kGate, world, Ruling::pass);
}

TEST(PkiMargins, IsUnknownWithoutACertificate) {
  World world = good_world();
  world.facts.pki.value()->certificates.clear();
  EXPECT_RULING(kGate, world, Ruling::unknown);
  world.facts.pki = not_told<PkiFacts>();
  EXPECT_RULING(kGate, world, Ruling::unknown);
}

}  // namespace

}  // namespace gatehouse::gates_test
