// The effects of the simulation under the contract of all implementations.
#include "tests/contract/effects_contract.h"
#include "tests/simulation/session.h"

namespace gatehouse::contract {

namespace {

class SimulatedWorld {
 public:
  SimulatedWorld() {
    EXPECT_EQ(world_.trouble(), "");
    EXPECT_TRUE(world_.disk().make_folder(folder(), 0700));
  }

  Effects& effects() { return effects_.effects(); }
  static std::string folder() { return simulation::World::home() + "/contract"; }
  static Command printing() { return command_of({"juju", "version"}); }
  static Command failing() { return command_of({"juju", "status", "-m", "nowhere:nothing"}); }
  static Command unknown_program() { return command_of({"gatehouse-no-such-program"}); }
  /// Programs take no time here, unless the world is disturbed.
  Command too_slow() {
    request_.disturbance.slow = 1;
    return printing();
  }
  static Command reading_input() { return command_of({"cat"}); }
  static DetachedCommand child(const std::string& folder) {
    return child_of({"juju", "version"}, folder);
  }
  static std::string answering_url() { return "http://127.0.0.1:5240/MAAS/api/2.0/version/"; }
  static std::string refusing_url() { return "http://127.0.0.1:5240/MAAS/api/2.0/machines/"; }
  static std::string redirecting_url() { return "http://127.0.0.1:5240/"; }
  static std::string silent_url() { return "http://127.0.0.1:1/"; }

 private:
  simulation::World world_{{.site = "second", .seed = 1, .faults = {}, .days_later = 0}};
  simulation::SessionRequest request_;
  simulation::Plug plug_;
  simulation::SessionEffects effects_{world_, request_, plug_};
};

INSTANTIATE_TYPED_TEST_SUITE_P(Simulated, EffectsContract, testing::Types<SimulatedWorld>);

}  // namespace

}  // namespace gatehouse::contract
