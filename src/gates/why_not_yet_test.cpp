#include "gates/why_not_yet.h"

#include <gmock/gmock.h>

#include "gates/gates_test_support.h"

namespace gatehouse::gates_test {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A model of its own: a vault that is as expected, its clients, a router between cinder and the
/// database, two machines with a container each.
class WhyNotYet : public testing::Test {
 protected:
  WhyNotYet() {
    world_.inputs.site.settled = {};
    Settled& settled = world_.inputs.site.settled;
    settled.otherwise.workload = "active";
    settled.otherwise.agent = "idle";
    ExpectedState vault;
    vault.applications = "vault";
    vault.workload = "blocked";
    vault.message = "Vault needs to be initialized";
    ExpectedState client;
    client.applications = "barbican-vault";
    client.workload = "waiting";
    client.message = "'secrets-storage' incomplete";
    settled.expect = {vault, client};
    model() = {};
    world_.plan = Plan{};
    for (const std::string id : {"0", "1", "0/lxd/0", "1/lxd/0"}) {
      MachineStatus& machine = model().machines[id];
      machine.id = id;
      machine.agent.current = "started";
      machine.addresses = {"10.1.0.5"};
      if (machine.is_container()) {
        world_.plan->containers.push_back({id, "lxd", id.substr(0, 1)});
      } else {
        world_.plan->machines.push_back({id, "", ""});
      }
    }
    add("vault/0", "0/lxd/0", "blocked", "Vault needs to be initialized");
    add("barbican-vault/0", "1/lxd/0", "waiting", "'secrets-storage' incomplete");
    add("mysql/0", "0", "active", "Unit is ready");
    add("cinder/0", "1/lxd/0", "active", "Unit is ready");
    add_subordinate("router/0", "cinder/0");
    relate("barbican-vault:secrets-storage", "vault:secrets");
    relate("cinder:shared-db", "router:shared-db");
    relate("router:db-router", "mysql:db-router");
  }

  ModelStatus& model() { return world_.model(); }
  UnitStatus& unit(const std::string& name) { return model().units.at(name); }

  UnitStatus& add(const std::string& name, const std::string& machine, const std::string& workload,
                  const std::string& message) {
    UnitStatus& added = model().units[name];
    added.name = name;
    added.application = name.substr(0, name.find('/'));
    added.machine = machine;
    added.workload = {workload, message, ""};
    added.agent.current = "idle";
    model().applications[added.application].name = added.application;
    if (!std::exchange(planned_[added.application], true)) {
      world_.plan->applications.push_back({added.application, "", "", ""});
    }
    world_.plan->units.push_back({name, added.application, machine});
    return added;
  }
  void add_subordinate(const std::string& name, const std::string& principal) {
    UnitStatus& added = add(name, unit(principal).machine, "active", "Unit is ready");
    added.principal = principal;
    world_.plan->units.pop_back();
    model().applications[added.application].subordinate_to = {unit(principal).application};
  }
  void relate(const std::string& first, const std::string& second) {
    world_.plan->relations.push_back({first, second});
    const auto split = [](const std::string& side) { return side.find(':'); };
    model().applications[first.substr(0, split(first))].relations.push_back(
        {first.substr(split(first) + 1), second.substr(0, split(second)), "", ""});
  }

  NotYet why() const {
    return why_not_yet({world_.inputs, world_.plan ? &*world_.plan : nullptr, world_.facts});
  }
  std::vector<std::string> lines() const { return lines_of(why(), 20); }

  World world_ = good_world();
  std::map<std::string, bool> planned_;
};

TEST_F(WhyNotYet, IsEmptyWhereAllIsAsExpectedAndTellsWhoWaitsAsExpected) {
  const NotYet told = why();
  EXPECT_TRUE(told.is_empty());
  ASSERT_EQ(told.expected.size(), 2U);
  EXPECT_EQ(in_words(told.expected[0]),
            "barbican-vault/0 waits for vault/0 (secrets-storage), which is blocked \"Vault needs "
            "to be initialized\": expected");
  EXPECT_EQ(in_words(told.expected[1]),
            "vault/0 is blocked \"Vault needs to be initialized\": expected");
  EXPECT_THAT(lines(), IsEmpty());
}

TEST_F(WhyNotYet, FollowsAChainThroughTheOwnSubordinateToItsMachine) {
  unit("cinder/0").workload = {"waiting", "Incomplete relations: database", ""};
  unit("router/0").workload = {"waiting", "'db-router' incomplete", ""};
  unit("mysql/0").workload = {"waiting", "waiting for machine", ""};
  model().machines["0"].agent.current = "pending";
  model().machines["0"].instance.message = "Deploying: Loading ephemeral";
  model().machines["0"].addresses.clear();
  EXPECT_THAT(lines(),
              ElementsAre("cinder/0 waits for router/0 (shared-db), which waits for mysql/0 "
                          "(db-router), whose machine 0 has no address, pending: Deploying: "
                          "Loading ephemeral",
                          "mysql/0 waits for machine 0, which has no address, pending: Deploying: "
                          "Loading ephemeral",
                          "router/0 waits for mysql/0 (db-router), whose machine 0 has no address, "
                          "pending: Deploying: Loading ephemeral"));
  const NotYet told = why();
  ASSERT_EQ(told.roots.size(), 1U);
  EXPECT_EQ(told.roots[0].who, "machine 0");
  EXPECT_EQ(told.roots[0].units, 3U);
}

TEST_F(WhyNotYet, NamesTheMachineThatAContainerIsIn) {
  for (const char* id : {"1", "1/lxd/0"}) {
    model().machines[id].agent.current = "pending";
    model().machines[id].addresses.clear();
  }
  unit("cinder/0").workload = {"waiting", "waiting for machine", ""};
  EXPECT_THAT(lines(), testing::Contains("cinder/0 waits for machine 1/lxd/0, which has no "
                                         "address, pending, inside machine 1, which has no "
                                         "address, pending"));
}

TEST_F(WhyNotYet, EndsAtAFailedHookAndPutsItFirst) {
  unit("mysql/0").workload = {"error", "hook failed: \"install\"", ""};
  unit("router/0").workload = {"blocked", "'db-router' missing", ""};
  unit("cinder/0").workload = {"waiting", "Missing relations: database, identity", ""};
  EXPECT_THAT(lines(),
              ElementsAre("mysql/0 is error \"hook failed: \"install\"\"",
                          "cinder/0 waits for router/0 (shared-db), which waits for mysql/0 "
                          "(db-router), which is error \"hook failed: \"install\"\"",
                          "router/0 waits for mysql/0 (db-router), which is error \"hook failed: "
                          "\"install\"\""));
}

TEST_F(WhyNotYet, PutsUnitsThatShowTheSameIntoOneLine) {
  add("nova/0", "0", "waiting", "'secrets-storage' incomplete");
  add("nova/1", "1", "waiting", "'secrets-storage' incomplete");
  relate("nova:secrets-storage", "vault:secrets");
  EXPECT_THAT(lines(), ElementsAre("nova/0, nova/1 wait for vault/0 (secrets-storage), which is "
                                   "blocked \"Vault needs to be initialized\": expected"));
}

TEST_F(WhyNotYet, SaysForHowLongByOurOwnClock) {
  unit("mysql/0").workload = {"maintenance", "installing", ""};
  world_.facts.history.newest = Moment(std::chrono::minutes(20));
  world_.facts.history.units["mysql/0"].changed = Moment(std::chrono::minutes(8));
  EXPECT_THAT(lines(), ElementsAre("mysql/0 is maintenance \"installing\", for 12 min"));
}

TEST_F(WhyNotYet, TellsWhatIsAbsentApartFromWhatIsTooMuch) {
  model().units.erase("mysql/0");
  model().units.erase("router/0");
  model().machines.erase("1/lxd/0");
  model().applications["legacy"].name = "legacy";
  world_.plan->applications.push_back({"glance", "", "", ""});
  model().applications["barbican-vault"].relations.clear();
  const NotYet told = why();
  EXPECT_THAT(told.absent,
              testing::UnorderedElementsAre(
                  "glance", "mysql: 0 of 1 unit", "router with cinder/0", "containers: 1 of 2",
                  "relation barbican-vault:secrets-storage - vault:secrets"));
  EXPECT_THAT(told.unexpected, ElementsAre("legacy"));
}

TEST_F(WhyNotYet, AnAgentThatIsLostIsToldAsThat) {
  unit("mysql/0").workload = {"unknown", "agent lost, see 'juju show-status-log mysql/0'", ""};
  unit("mysql/0").agent.current = "lost";
  EXPECT_THAT(lines(), ElementsAre(HasSubstr("agent lost")));
}

TEST_F(WhyNotYet, AUnitBetweenTwoTriesOfAHookStillHoldsItUp) {
  world_.facts.history.units["mysql/0"].in_error_since = Moment{};
  EXPECT_THAT(lines(), ElementsAre(HasSubstr("mysql/0 is active")));
}

TEST_F(WhyNotYet, ACircleEnds) {
  relate("mysql:cluster", "cinder:cluster");
  relate("cinder:cluster", "mysql:cluster");
  unit("mysql/0").workload = {"waiting", "'cluster' incomplete", ""};
  unit("cinder/0").workload = {"waiting", "'cluster' incomplete", ""};
  EXPECT_THAT(lines(), testing::Each(HasSubstr("waits in a circle")));
}

TEST_F(WhyNotYet, WithoutAPlanItTellsOfTheModelAlone) {
  world_.plan.reset();
  EXPECT_TRUE(why().is_empty());
  unit("cinder/0").workload = {"waiting", "'shared-db' incomplete", ""};
  unit("router/0").workload = {"blocked", "'db-router' incomplete", ""};
  EXPECT_THAT(lines(),
              ElementsAre(HasSubstr("cinder/0 waits for router/0 (shared-db), which waits for"),
                          HasSubstr("router/0 waits for mysql/0 (db-router)")));
}

TEST_F(WhyNotYet, AModelThatIsNotSeenIsToldWithTheReason) {
  world_.facts.model_status = not_told<ModelStatus>();
  EXPECT_THAT(lines(), ElementsAre(HasSubstr("the model is not observed: ")));
  EXPECT_FALSE(why().is_empty());
}

TEST_F(WhyNotYet, PartsThatCannotBeReadAreNamed) {
  model().unread = {"unit web/1: status-error: no"};
  EXPECT_THAT(lines(), ElementsAre("cannot be read: unit web/1: status-error: no"));
}

TEST_F(WhyNotYet, IsTheSameAtAnotherMomentApartFromItsAge) {
  unit("mysql/0").workload = {"maintenance", "installing", ""};
  world_.facts.history.units["mysql/0"].changed = Moment(std::chrono::minutes(8));
  const NotYet before = why();
  world_.facts.history.units["mysql/0"].changed = Moment(std::chrono::minutes(9));
  EXPECT_TRUE(before.holding_up[0].is_same(why().holding_up[0]));
  unit("mysql/0").workload.message = "configuring";
  EXPECT_FALSE(before.holding_up[0].is_same(why().holding_up[0]));
}

TEST_F(WhyNotYet, GivesTheChainAsJson) {
  unit("router/0").workload = {"waiting", "'db-router' incomplete", ""};
  const json::object told = to_json(why());
  const json::value& first = told.at("holding_up").at(0);
  EXPECT_EQ(string_or_empty(first, "application"), "router");
  EXPECT_EQ(json::serialize(first.at("chain")),
            R"([{"kind":"waits_for","who":"mysql/0","what":"db-router"},)"
            R"({"kind":"shows","who":"mysql/0","what":"is ready"}])");
  EXPECT_EQ(string_or_empty(first, "words"),
            "router/0 waits for mysql/0 (db-router), which is ready");
  EXPECT_FALSE(find(told, "unobserved"));
}

}  // namespace

}  // namespace gatehouse::gates_test
