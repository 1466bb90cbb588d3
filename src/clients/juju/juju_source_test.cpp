#include <gtest/gtest.h>

#include "base/shell_quote.h"
#include "base/text.h"
#include "clients/fake_effects.h"
#include "clients/juju/lookups.h"
#include "clients/sources.h"

namespace gatehouse {
namespace {

constexpr const char* kModels = R"({"models": [{"name": "admin/other", "short-name": "other",
  "model-uuid": "u1", "owner": "admin", "life": "alive", "status": {"current": "available"}}]})";
constexpr const char* kControllers =
    R"({"controllers": {"omega": {"user": "admin", "uuid": "c0", "agent-version": "3.6.28"}}})";

/// A controller whose commands answer as `answers` says, by the words after `juju`.
class JujuSource : public ::testing::Test {
 protected:
  JujuSource() {
    questions_.controller = "omega";
    questions_.model = "openstack";
    questions_.bundle_file = "/h/stage/bundle.yaml";
    questions_.overlay_files = {"/h/stage/pki.yaml"};
    questions_.lookup_names = {"api.snapcraft.io"};
    answers_["version"] = {.exit_code = 0, .out = "3.6.28-genericlinux-amd64\n"};
    answers_["controllers"] = {.exit_code = 0, .out = kControllers};
    answers_["whoami"] = {.exit_code = 0, .out = R"({"controller": "omega", "user": "admin"})"};
    answers_["models"] = {.exit_code = 0, .out = kModels};
    facts_.juju_client = Observation<JujuClient>::seen({"3.6.28-genericlinux-amd64"}, {});
    world_.processes.answer = [this](const Command& command) { return answer(command); };
  }

  Result<ProcessResult> answer(const Command& command) {
    const std::string& verb = command.argv.at(1);
    if ((verb == "exec" || verb == "run") && exec_) return exec_(command);
    if (verb == "ssh" && ssh_) return ssh_(command);
    const auto found = answers_.find(command.argv.at(1));
    if (found == answers_.end()) return fail(ErrorKind::not_found, "no program juju");
    return found->second;
  }

  void collect(std::initializer_list<FactKey> keys) {
    Effects effects = world_.effects();
    juju_source.collect(std::vector<FactKey>(keys), questions_, effects, facts_);
  }

  static std::string status(const std::string& machines) {
    return R"({"model": {"name": "openstack"}, "applications": {}, "machines": )" + machines + "}";
  }

  testing_effects::World world_;
  Questions questions_;
  Facts facts_;
  std::map<std::string, ProcessResult> answers_;
  std::function<Result<ProcessResult>(const Command&)> exec_;
  std::function<Result<ProcessResult>(const Command&)> ssh_;

  std::size_t processes_begun() const {
    std::size_t count = 0;
    for (const auto& wave : world_.processes.waves) count += wave.size();
    return count;
  }
};

TEST_F(JujuSource, SeesClientControllerAndModelsInOneWave) {
  collect({FactKey::juju_client, FactKey::juju_controller, FactKey::juju_models});
  ASSERT_EQ(world_.processes.waves.size(), 1U);
  EXPECT_EQ(world_.processes.waves[0].size(), 4U);
  EXPECT_EQ(facts_.juju_client.value()->version, "3.6.28-genericlinux-amd64");
  ASSERT_TRUE(facts_.juju_controller.value()) << facts_.juju_controller.why_unknown();
  EXPECT_EQ(facts_.juju_controller.value()->user, "admin");
  EXPECT_EQ(facts_.juju_controller.value()->uuid, "c0");
  EXPECT_EQ(facts_.juju_models.value()->at(0).name, "other");
  EXPECT_EQ(facts_.juju_models.evidence().locator,
            "juju models -c omega --format json --no-browser-login");
  EXPECT_EQ(facts_.juju_models.evidence().digest.size(), 64U);
}

TEST_F(JujuSource, NobodyLoggedInIsDeniedWithTheCommandThatHelps) {
  answers_["whoami"] = {.exit_code = 0, .out = "", .err = "You are not logged in"};
  collect({FactKey::juju_controller});
  ASSERT_NE(facts_.juju_controller.error(), nullptr);
  EXPECT_EQ(facts_.juju_controller.error()->kind, ErrorKind::denied);
  EXPECT_EQ(facts_.juju_controller.error()->help, "log in with: juju login -c omega");
}

TEST_F(JujuSource, AControllerIsReadyOnlyWhereItAnswers) {
  const std::pair<ProcessResult, ErrorKind> cases[] = {
      {{.exit_code = 1, .out = "{}", .err = "ERROR unable to connect to API: i/o timeout"},
       ErrorKind::unavailable},
      {{.exit_code = 1, .out = "{}", .err = "ERROR cannot get discharge from x"},
       ErrorKind::denied},
      {{.exit_code = 0, .out = "{}"}, ErrorKind::malformed},
  };
  for (const auto& [models, kind] : cases) {
    answers_["models"] = models;
    collect({FactKey::juju_controller, FactKey::juju_models});
    EXPECT_EQ(facts_.juju_controller.error()->kind, kind);
    EXPECT_EQ(facts_.juju_models.error()->kind, kind);
  }
}

TEST_F(JujuSource, AControllerThatTheClientDoesNotListHasNoName) {
  answers_["controllers"] = {.exit_code = 0, .out = R"({"controllers": {}})"};
  collect({FactKey::juju_controller});
  ASSERT_NE(facts_.juju_controller.value(), nullptr);
  EXPECT_EQ(facts_.juju_controller.value()->name, "");
}

TEST_F(JujuSource, WhereWhoamiSpeaksOfAnotherControllerTheEntryTells) {
  answers_["whoami"] = {.exit_code = 0, .out = R"({"controller": "other", "user": "somebody"})"};
  collect({FactKey::juju_controller});
  EXPECT_EQ(facts_.juju_controller.value()->user, "admin");
  answers_["controllers"] = {.exit_code = 0,
                             .out = R"({"controllers": {"omega": {"uuid": "c0"}}})"};
  collect({FactKey::juju_controller});
  EXPECT_EQ(facts_.juju_controller.error()->kind, ErrorKind::denied);
}

TEST_F(JujuSource, WithoutTheProgramEveryFactIsUnknown) {
  answers_.clear();
  collect({FactKey::juju_client, FactKey::juju_controller, FactKey::juju_models,
           FactKey::juju_spaces, FactKey::dry_run, FactKey::model_status});
  for (const Error* error :
       {facts_.juju_client.error(), facts_.juju_controller.error(), facts_.juju_models.error(),
        facts_.juju_spaces.error(), facts_.dry_run.error(), facts_.model_status.error()}) {
    ASSERT_NE(error, nullptr);
    EXPECT_EQ(error->kind, ErrorKind::not_found);
    EXPECT_EQ(error->help, "install the juju client");
  }
  EXPECT_EQ(facts_.history.samples, 0U);
}

TEST_F(JujuSource, DryRunsTheStagedFilesAndKeepsARefusalAsAValue) {
  answers_["deploy"] = {.exit_code = 0, .out = "Changes to deploy bundle:\n- add new machine 0\n"};
  collect({FactKey::dry_run});
  EXPECT_EQ(facts_.dry_run.value()->changes, std::vector<std::string>{"add new machine 0"});
  EXPECT_EQ(facts_.dry_run.evidence().locator,
            "juju deploy --overlay /h/stage/pki.yaml -m omega:openstack --no-browser-login "
            "--dry-run "
            "/h/stage/bundle.yaml");
  answers_["deploy"] = {.exit_code = 1, .out = "", .err = "ERROR cannot deploy bundle: no\n"};
  collect({FactKey::dry_run});
  EXPECT_EQ(facts_.dry_run.value()->refusal, "ERROR cannot deploy bundle: no");
}

TEST_F(JujuSource, FoldsEachStatusIntoTheHistory) {
  answers_["status"] = {.exit_code = 0, .out = status("{}")};
  collect({FactKey::model_status});
  collect({FactKey::model_status});
  EXPECT_EQ(facts_.history.samples, 2U);
  EXPECT_EQ(facts_.model_status.value()->name, "openstack");
  answers_["status"] = {.exit_code = 1, .out = "{}", .err = "ERROR model omega:x not found"};
  collect({FactKey::model_status});
  EXPECT_EQ(facts_.history.samples, 2U);
  EXPECT_EQ(facts_.model_status.error()->kind, ErrorKind::not_found);
}

constexpr const char* kMachines = R"({
  "0": {"juju-status": {"current": "started"},
        "containers": {"0/lxd/0": {"juju-status": {"current": "started"}},
                       "0/lxd/1": {"juju-status": {"current": "pending"}}}},
  "1": {"juju-status": {"current": "down"}}})";

/// A result for each machine of the command, with that output.
ProcessResult exec_answer(const Command& command, const std::string& out) {
  json::object results;
  for (const std::string& machine : split(command.argv.at(10), ',')) {
    results[machine] = {{"machine", machine},
                        {"status", "completed"},
                        {"results", {{"return-code", 0}, {"stdout", out}}}};
  }
  return {.exit_code = 0, .out = json::serialize(results)};
}

TEST_F(JujuSource, AsksStartedMachinesAndContainersInOneBatch) {
  answers_["status"] = {.exit_code = 0, .out = status(kMachines)};
  exec_ = [](const Command& command) {
    return exec_answer(command, "name api.snapcraft.io ok\nLink 2 (eth0): 10.12.8.1 10.12.8.10\n");
  };
  collect({FactKey::model_status, FactKey::name_lookups});
  ASSERT_EQ(world_.processes.waves.size(), 2U);
  ASSERT_EQ(world_.processes.waves[1].size(), 1U);
  EXPECT_EQ(world_.processes.waves[1][0].argv.at(10), "0,0/lxd/0");
  ASSERT_EQ(facts_.name_lookups.size(), 2U);
  const NameLookup& lookup = *facts_.name_lookups.at("0/lxd/0").value();
  EXPECT_TRUE(lookup.resolved.at("api.snapcraft.io"));
  EXPECT_EQ(lookup.resolvers, (std::vector<std::string>{"10.12.8.1", "10.12.8.10"}));
  EXPECT_EQ(lookup.at, world_.clock.time);

  collect({FactKey::name_lookups});
  EXPECT_EQ(world_.processes.waves.size(), 2U);
}

TEST_F(JujuSource, AsksAgainWhereANameDidNotResolve) {
  answers_["status"] = {.exit_code = 0,
                        .out = status(R"({"0": {"juju-status": {"current": "started"}}})")};
  std::string out = "name api.snapcraft.io fail\n";
  exec_ = [&out](const Command& command) { return exec_answer(command, out); };
  collect({FactKey::model_status, FactKey::name_lookups});
  EXPECT_FALSE(facts_.name_lookups.at("0").value()->resolved.at("api.snapcraft.io"));
  const Moment first = world_.clock.time;
  EXPECT_EQ(facts_.name_lookups.at("0").value()->failing_since, first);
  world_.clock.time += std::chrono::minutes(1);
  collect({FactKey::name_lookups});
  EXPECT_EQ(facts_.name_lookups.at("0").value()->failing_since, first);
  out = "name api.snapcraft.io ok\n";
  world_.clock.time += std::chrono::minutes(1);
  collect({FactKey::name_lookups});
  EXPECT_EQ(facts_.name_lookups.at("0").value()->failing_since, std::nullopt);
  EXPECT_TRUE(facts_.name_lookups.at("0").value()->resolved.at("api.snapcraft.io"));
  EXPECT_EQ(facts_.name_lookups.at("0").value()->tries, 3U);
}

TEST_F(JujuSource, AsksOneByOneWhereABatchTimesOut) {
  answers_["status"] = {.exit_code = 0, .out = status(kMachines)};
  exec_ = [](const Command& command) -> Result<ProcessResult> {
    if (command.argv.at(10) != "0") {
      return ProcessResult{
          .exit_code = 1, .out = "{}", .err = "ERROR timed out waiting for results"};
    }
    return exec_answer(command, "name api.snapcraft.io ok\n");
  };
  collect({FactKey::model_status, FactKey::name_lookups});
  ASSERT_EQ(world_.processes.waves.size(), 3U);
  EXPECT_EQ(world_.processes.waves[2].size(), 2U);
  EXPECT_TRUE(facts_.name_lookups.at("0").value());
  ASSERT_NE(facts_.name_lookups.at("0/lxd/0").error(), nullptr);
  EXPECT_EQ(facts_.name_lookups.at("0/lxd/0").error()->kind, ErrorKind::malformed);
}

TEST_F(JujuSource, DoesNotAskOneByOneWhereTheControllerIsAway) {
  answers_["status"] = {.exit_code = 0, .out = status(kMachines)};
  exec_ = [](const Command&) {
    return ProcessResult{.exit_code = 1, .out = "{}", .err = "ERROR unable to connect to API"};
  };
  collect({FactKey::model_status, FactKey::name_lookups});
  EXPECT_EQ(world_.processes.waves.size(), 2U);
  EXPECT_EQ(facts_.name_lookups.at("0").error()->kind, ErrorKind::unavailable);
}

TEST_F(JujuSource, KeepsWhatAMachineLastAnsweredWhereItGoesSilent) {
  answers_["status"] = {.exit_code = 0,
                        .out = status(R"({"0": {"juju-status": {"current": "started"}}})")};
  bool is_silent = false;
  exec_ = [&is_silent](const Command& command) {
    return is_silent ? ProcessResult{.exit_code = 0, .out = "", .err = "no targets"}
                     : exec_answer(command, "name api.snapcraft.io fail\n");
  };
  collect({FactKey::model_status, FactKey::name_lookups});
  is_silent = true;
  collect({FactKey::name_lookups});
  ASSERT_TRUE(facts_.name_lookups.at("0").value());
  EXPECT_EQ(facts_.name_lookups.at("0").value()->tries, 2U);
}

constexpr const char* kResolves = "name api.snapcraft.io ok\nLink 2 (eth0): 10.12.8.1\n";

/// That many machines, each as `shape` shows it.
std::string machines(int count, const json::object& shape) {
  json::object machines;
  for (int at = 0; at < count; ++at) machines[std::to_string(at)] = shape;
  return json::serialize(machines);
}

const json::object kStarted{{"juju-status", {{"current", "started"}}}};
const json::object kDeployed{{"juju-status", {{"current", "pending"}}},
                             {"machine-status", {{"current", "running"}}},
                             {"ip-addresses", json::array{"10.12.8.40"}}};

TEST_F(JujuSource, AThousandMachinesTakeBatchesAndNotAThousandProcesses) {
  answers_["status"] = {.exit_code = 0, .out = status(machines(1000, kStarted))};
  exec_ = [](const Command& command) { return exec_answer(command, kResolves); };
  collect({FactKey::model_status, FactKey::name_lookups});
  EXPECT_EQ(processes_begun(), 1U + 10U) << "one status, ten batches";
  EXPECT_EQ(facts_.name_lookups.size(), 1000U);
}

TEST_F(JujuSource, OneLostAgentOfAThousandCostsFewProcessesMore) {
  answers_["status"] = {.exit_code = 0, .out = status(machines(1000, kStarted))};
  exec_ = [](const Command& command) -> Result<ProcessResult> {
    const auto asked = split(command.argv.at(10), ',');
    if (std::find(asked.begin(), asked.end(), "500") != asked.end()) {
      return ProcessResult{
          .exit_code = 1, .out = "{}", .err = "ERROR timed out waiting for results"};
    }
    return exec_answer(command, kResolves);
  };
  collect({FactKey::model_status, FactKey::name_lookups});
  EXPECT_EQ(processes_begun(), 1U + 10U + 10U + 10U);
  EXPECT_EQ(facts_.name_lookups.size(), 1000U);
  EXPECT_TRUE(facts_.name_lookups.at("500").error());
}

TEST_F(JujuSource, AsksAFewMachinesByShellBeforeTheirAgentsAnswer) {
  answers_["status"] = {.exit_code = 0, .out = status(machines(1000, kDeployed))};
  ssh_ = [](const Command&) { return ProcessResult{.exit_code = 0, .out = kResolves}; };
  collect({FactKey::model_status, FactKey::name_lookups});
  EXPECT_EQ(processes_begun(), 1U + 32U);
  ASSERT_EQ(facts_.name_lookups.size(), 32U);
  EXPECT_TRUE(facts_.name_lookups.begin()->second.evidence().locator.starts_with("juju ssh "));
  world_.clock.time += std::chrono::seconds(15);
  collect({FactKey::name_lookups});
  EXPECT_EQ(facts_.name_lookups.size(), 64U) << "the next sample asks the next ones";
}

TEST_F(JujuSource, WhoDoesNotAnswerItsAgentIsAskedByShell) {
  json::object silent = kDeployed;
  silent["juju-status"] = {{"current", "started"}};
  answers_["status"] = {.exit_code = 0, .out = status(machines(1, silent))};
  exec_ = [](const Command&) {
    return ProcessResult{.exit_code = 0, .out = "", .err = "no tasks could be scheduled"};
  };
  ssh_ = [](const Command&) { return ProcessResult{.exit_code = 0, .out = kResolves}; };
  collect({FactKey::model_status, FactKey::name_lookups});
  EXPECT_TRUE(facts_.name_lookups.at("0").error()) << "exit 0 without a document is no answer";
  collect({FactKey::name_lookups});
  ASSERT_TRUE(facts_.name_lookups.at("0").value());
  EXPECT_TRUE(facts_.name_lookups.at("0").evidence().locator.starts_with("juju ssh "));
}

TEST_F(JujuSource, AsksEveryMachineAgainWhereAFreshAnswerIsWanted) {
  answers_["status"] = {.exit_code = 0, .out = status(machines(3, kStarted))};
  std::string out = kResolves;
  exec_ = [&out](const Command& command) { return exec_answer(command, out); };
  collect({FactKey::model_status, FactKey::name_lookups});
  world_.clock.time += std::chrono::minutes(90);
  questions_.lookups_not_before = world_.clock.time;
  out = "name api.snapcraft.io fail\n";
  collect({FactKey::name_lookups});
  for (const auto& [machine, seen] : facts_.name_lookups) {
    EXPECT_FALSE(seen.value()->resolved.at("api.snapcraft.io")) << machine;
    EXPECT_EQ(seen.value()->failing_since, world_.clock.time) << "it had not failed before";
  }
}

TEST_F(JujuSource, AnOldAnswerDoesNotStandForAFreshOne) {
  answers_["status"] = {.exit_code = 0, .out = status(machines(1, kStarted))};
  bool is_away = false;
  exec_ = [&is_away](const Command& command) {
    return is_away ? ProcessResult{.exit_code = 1, .out = "{}", .err = "ERROR timed out"}
                   : exec_answer(command, kResolves);
  };
  collect({FactKey::model_status, FactKey::name_lookups});
  world_.clock.time += std::chrono::minutes(90);
  questions_.lookups_not_before = world_.clock.time;
  is_away = true;
  collect({FactKey::name_lookups});
  EXPECT_TRUE(facts_.name_lookups.at("0").error());
}

TEST_F(JujuSource, LearnsTheClientsVersionBeforeItAsksMachines) {
  facts_.juju_client = {};
  answers_["version"] = {.exit_code = 0, .out = "2.9.52-ubuntu-amd64\n"};
  answers_["status"] = {.exit_code = 0, .out = status(machines(1, kStarted))};
  exec_ = [](const Command&) {
    return ProcessResult{.exit_code = 0,
                         .out = R"([{"MachineId": "0", "Stdout": "name api.snapcraft.io ok\n"}])"};
  };
  collect({FactKey::model_status, FactKey::name_lookups});
  EXPECT_EQ(world_.processes.waves.back().at(0).argv.at(1), "run");
  EXPECT_TRUE(facts_.name_lookups.at("0").value());
}

TEST_F(JujuSource, AMachineOfManyBatchesIsAskedOnce) {
  json::object machines;
  for (int at = 0; at < 250; ++at) {
    machines[std::to_string(at)] = {{"juju-status", {{"current", "started"}}}};
  }
  answers_["status"] = {.exit_code = 0, .out = status(json::serialize(machines))};
  exec_ = [](const Command& command) { return exec_answer(command, "name api.snapcraft.io ok\n"); };
  collect({FactKey::model_status, FactKey::name_lookups});
  EXPECT_EQ(world_.processes.waves.at(1).size(), 3U);
  EXPECT_EQ(facts_.name_lookups.size(), 250U);
}

}  // namespace
}  // namespace gatehouse
