#include "gates/gates_test_support.h"

namespace gatehouse::gates_test {

namespace {

constexpr std::string_view kGate = "pki_names";

// The web application's VIP is 10.1.0.50 on the front plane.
World with_names(std::vector<std::string> names) {
  World world = good_world();
  world.facts.pki.value()->certificates.back().names = std::move(names);
  return world;
}

TEST(PkiNames, HoldsWhereTheCertificateNamesTheSiteAndTheVip) {
  EXPECT_RULING(kGate, with_names({"DNS:web.example.org", "IP:10.1.0.50"}), Ruling::pass);
}

TEST(PkiNames, FailsOnTheAddressOfAnEarlierPlan) {
  const World world = with_names({"DNS:web.example.org", "IP:10.12.4.233"});
  EXPECT_EQ(checks_of(verdict_of(kGate, world), Ruling::fail),
            "VIP of web on front in the SAN | IP:10.1.0.50 | DNS:web.example.org, "
            "IP:10.12.4.233\n");
}

TEST(PkiNames, FailsWhereADeclaredNameIsMissing) {
  EXPECT_RULING(kGate, with_names({"IP:10.1.0.50"}), Ruling::fail);
}

TEST(PkiNames, IsUnknownWithoutACertificateOrAVip) {
  World world = with_names({});
  world.facts.pki.value()->certificates.pop_back();
  EXPECT_RULING(kGate, world, Ruling::unknown);
  world = with_names({"DNS:web.example.org", "IP:10.1.0.50"});
  world.application("web").options.erase("vip");
  EXPECT_RULING(kGate, world, Ruling::unknown);
  world.facts.pki = not_told<PkiFacts>();
  EXPECT_RULING(kGate, world, Ruling::unknown);
}

}  // namespace

}  // namespace gatehouse::gates_test
