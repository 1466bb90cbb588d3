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
  static Command printing() { return command({"juju", "version"}); }
  static Command failing() { return command({"juju", "status", "-m", "nowhere:nothing"}); }
  static Command unknown_program() { return command({"gatehouse-no-such-program"}); }
  // Programs take no time here, save where a disturbance makes them, and none reads its input.
  static Command too_slow() { return command({}); }
  static Command reading_input() { return command({}); }
  static DetachedCommand child(const std::string& folder) {
    return {.argv = {"juju", "version"},
            .directory = folder,
            .environment = {},
            .out_file = folder + "/child.out",
            .err_file = folder + "/child.err",
            .exit_file = folder + "/child.exit",
            .lock_file = folder + "/child.lock"};
  }
  static std::string answering_url() { return "http://127.0.0.1:5240/MAAS/api/2.0/version/"; }
  static std::string refusing_url() { return "http://127.0.0.1:5240/MAAS/api/2.0/machines/"; }
  static std::string redirecting_url() { return "http://127.0.0.1:5240/"; }
  static std::string silent_url() { return "http://127.0.0.1:1/"; }

 private:
  static Command command(std::vector<std::string> argv) {
    Command made;
    made.argv = std::move(argv);
    made.deadline = std::chrono::seconds(30);
    return made;
  }

  simulation::World world_{{.site = "second", .seed = 1, .faults = {}, .days_later = 0}};
  simulation::SessionRequest request_;
  simulation::Plug plug_;
  simulation::SessionEffects effects_{world_, request_, plug_};
};

INSTANTIATE_TYPED_TEST_SUITE_P(Simulated, EffectsContract, testing::Types<SimulatedWorld>);

}  // namespace

}  // namespace gatehouse::contract
