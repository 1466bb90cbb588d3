#include "gates/gates_test_support.h"

namespace gatehouse::gates_test {

namespace {

constexpr std::string_view kGate = "unit_certificates";

UnitCertificates& disk_of(World& world, const std::string& machine) {
  return *world.facts.unit_certificates.at(machine).value();
}

TEST(UnitCertificates, HoldWhereEachDiskHasThoseOfTheOverlay) {
  EXPECT_EQ(checks_of(verdict_of(kGate, good_world()), Ruling::pass),
            "web/0, /etc/web/issuing.pem | issuing CA, SHA-256 abababababababab | "
            "SHA-256 abababababababab\n");
}

TEST(UnitCertificates, FailWhereOneDiskHasAnother) {
  World world = good_world();
  auto& [path, fingerprints] = *disk_of(world, "0/lxd/0").fingerprints.begin();
  fingerprints = {std::string(64, 'c')};
  const Verdict verdict = verdict_of(kGate, world);
  EXPECT_EQ(checks_of(verdict, Ruling::fail),
            "web/0, /etc/web/issuing.pem | issuing CA, SHA-256 abababababababab | "
            "SHA-256 cccccccccccccccc\n");
}

TEST(UnitCertificates, FailWhereTheFileIsNotThereOrHoldsOneMore) {
  World world = good_world();
  disk_of(world, "0/lxd/0").fingerprints.clear();
  EXPECT_RULING(kGate, world, Ruling::fail);
  world = good_world();
  disk_of(world, "0/lxd/0").fingerprints.begin()->second.push_back(std::string(64, 'c'));
  EXPECT_RULING(kGate, world, Ruling::fail);
}

TEST(UnitCertificates, AreUnknownWhereAMachineDidNotSay) {
  World world = good_world();
  world.facts.unit_certificates["0/lxd/0"] = not_told<UnitCertificates>();
  EXPECT_RULING(kGate, world, Ruling::unknown);
  world.facts.unit_certificates.erase("0/lxd/0");
  EXPECT_RULING(kGate, world, Ruling::unknown);
  world = good_world();
  disk_of(world, "0/lxd/0").fingerprints.begin()->second.clear();
  disk_of(world, "0/lxd/0").complaint = "Could not read certificate";
  EXPECT_EQ(checks_of(verdict_of(kGate, world), Ruling::unknown),
            "web/0, /etc/web/issuing.pem | issuing CA, SHA-256 abababababababab | "
            "Could not read certificate\n");
}

TEST(UnitCertificates, AreUnknownWithoutOverlayOrModel) {
  World world = good_world();
  world.facts.pki = not_told<PkiFacts>();
  EXPECT_RULING(kGate, world, Ruling::unknown);
  world = good_world();
  world.facts.pki.value()->certificates.clear();
  EXPECT_RULING(kGate, world, Ruling::unknown);
  world = good_world();
  world.facts.model_status = not_told<ModelStatus>();
  EXPECT_RULING(kGate, world, Ruling::unknown);
}

TEST(UnitCertificates, HaveNothingToExamineWithoutUnitsOrPki) {
  World world = good_world();
  world.model().units.clear();
  EXPECT_RULING(kGate, world, Ruling::unknown);
  world.inputs.site.pki.reset();
  EXPECT_FALSE(find_gate(kGate)->applies(world.inputs));
  EXPECT_RULING(kGate, world, Ruling::unknown);
}

}  // namespace

}  // namespace gatehouse::gates_test
