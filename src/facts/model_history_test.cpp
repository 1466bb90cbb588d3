#include <gtest/gtest.h>

#include "facts/model_status.h"

namespace gatehouse {

namespace {

Moment minute(int number) {
  return Moment(std::chrono::minutes(number));
}

ModelStatus model_with(StatusValue workload, StatusValue agent) {
  ModelStatus status;
  UnitStatus& unit = status.units["a/0"];
  unit.name = "a/0";
  unit.workload = std::move(workload);
  unit.agent = std::move(agent);
  return status;
}

const UnitHistory& unit_of(const ModelHistory& history) {
  return history.units.at("a/0");
}

TEST(ModelHistoryFold, KnowsSinceWhenAUnitShowsWhatItShows) {
  ModelHistory history =
      with_sample({}, model_with({"waiting", "", ""}, {"idle", "", ""}), minute(1));
  history = with_sample(history, model_with({"waiting", "", ""}, {"idle", "", "later"}), minute(2));
  EXPECT_EQ(history.changed, minute(1)) << "`since` is Juju's to refresh";
  history = with_sample(history, model_with({"active", "", ""}, {"idle", "", ""}), minute(3));
  EXPECT_EQ(unit_of(history).first_seen, minute(1));
  EXPECT_EQ(unit_of(history).changed, minute(3));
  EXPECT_EQ(history.changed, minute(3));
  EXPECT_EQ(history.samples, 3U);
  EXPECT_EQ(history.newest, minute(3));
}

TEST(ModelHistoryFold, AHookThatIsTriedAgainIsNoRecovery) {
  const StatusValue failed{"error", "hook failed: \"install\"", ""};
  const StatusValue trying{"maintenance", "installing", ""};
  ModelHistory history = with_sample({}, model_with(failed, {"idle", "", ""}), minute(1));
  history = with_sample(history, model_with(trying, {"executing", "running install hook", ""}),
                        minute(2));
  history = with_sample(history, model_with(failed, {"idle", "", ""}), minute(3));
  EXPECT_EQ(unit_of(history).in_error_since, minute(1));
  EXPECT_EQ(unit_of(history).errors, 1U);
  EXPECT_EQ(unit_of(history).failed_hook, "install");
}

TEST(ModelHistoryFold, AnotherHookOrAnIdleAgentIsARecovery) {
  const StatusValue failed{"error", "hook failed: \"install\"", ""};
  const StatusValue fine{"maintenance", "", ""};
  for (const StatusValue& agent :
       {StatusValue{"executing", "running start hook", ""}, StatusValue{"idle", "", ""}}) {
    ModelHistory history = with_sample({}, model_with(failed, {"idle", "", ""}), minute(1));
    history = with_sample(history, model_with(fine, agent), minute(2));
    EXPECT_FALSE(unit_of(history).in_error_since);
    history = with_sample(history, model_with(failed, {"idle", "", ""}), minute(5));
    EXPECT_EQ(unit_of(history).in_error_since, minute(5));
    EXPECT_EQ(unit_of(history).errors, 2U);
  }
}

TEST(ModelHistoryFold, ALostAgentHasATimeOfItsOwn) {
  const StatusValue unknown{"unknown", "agent lost", ""};
  ModelHistory history = with_sample({}, model_with(unknown, {"lost", "", ""}), minute(1));
  history = with_sample(history, model_with({"unknown", "", ""}, {"lost", "", ""}), minute(2));
  EXPECT_EQ(unit_of(history).lost_since, minute(1));
  history = with_sample(history, model_with(unknown, {"idle", "", ""}), minute(3));
  EXPECT_FALSE(unit_of(history).lost_since);
}

TEST(ModelHistoryFold, UnitsAndMachinesThatComeAndGoAreChanges) {
  ModelStatus status = model_with({"active", "", ""}, {"idle", "", ""});
  status.machines["0"].agent.current = "pending";
  ModelHistory history = with_sample({}, status, minute(1));
  status.machines["0"].agent.current = "started";
  history = with_sample(history, status, minute(2));
  EXPECT_EQ(history.changed, minute(2));
  status.machines["0"].instance.message = "Deployed";
  history = with_sample(history, status, minute(3));
  EXPECT_EQ(history.changed, minute(2)) << "the provider's words lag";
  EXPECT_EQ(history.machines.at("0").message, "Deployed");
  status.units.clear();
  history = with_sample(history, status, minute(4));
  EXPECT_EQ(history.changed, minute(4));
  EXPECT_TRUE(history.units.empty());
}

TEST(ModelHistoryFold, AGapKeepsWhatWasKnownAndBeginsWithItsFirstTry) {
  const ModelStatus status = model_with({"active", "", ""}, {"idle", "", ""});
  ModelHistory history = with_sample({}, status, minute(1));
  history = with_gap(with_gap(history, minute(2)), minute(3));
  EXPECT_EQ(history.unobserved_since, minute(2));
  EXPECT_EQ(history.newest, minute(1));
  history = with_sample(history, status, minute(4));
  EXPECT_FALSE(history.unobserved_since);
  EXPECT_EQ(history.changed, minute(1));
}

TEST(FailedHook, IsWhatStandsBetweenTheQuotes) {
  EXPECT_EQ(failed_hook("hook failed: \"install\""), "install");
  EXPECT_EQ(failed_hook("hook failed: \"certificates-relation-changed\" for ceph:certificates"),
            "certificates-relation-changed");
  EXPECT_EQ(failed_hook("Unit is ready"), "");
  EXPECT_EQ(failed_hook("hook failed: \"cut"), "cut");
}

}  // namespace

}  // namespace gatehouse
