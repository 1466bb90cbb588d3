#include "phases/watch.h"

#include <gtest/gtest.h>

namespace gatehouse {

namespace {

ModelStatus small_model() {
  ModelStatus status;
  status.machines["0"].id = "0";
  status.machines["0/lxd/1"].id = "0/lxd/1";
  for (const char* name : {"web", "ntp"}) status.applications[name].name = name;
  status.applications["ntp"].subordinate_to = {"web"};
  UnitStatus unit;
  unit.name = "web/0";
  unit.application = "web";
  unit.machine = "0/lxd/1";
  unit.workload.current = "active";
  unit.agent.current = "idle";
  status.units["web/0"] = unit;
  unit.name = "ntp/0";
  unit.application = "ntp";
  unit.principal = "web/0";
  status.units["ntp/0"] = unit;
  return status;
}

Verdict judged(const ModelStatus& now) {
  const Inputs inputs = undeclared_inputs("somewhere", "theirs");
  const Plan plan = plan_of_model(small_model());
  Facts facts;
  facts.model_status = Observation<ModelStatus>::seen(now, {});
  return judge(*find_gate("unit_states"), {inputs, &plan, facts});
}

TEST(Watch, expects_of_an_undeclared_model_what_it_has) {
  const Plan plan = plan_of_model(small_model());
  EXPECT_EQ(plan.counts.machines, 1U);
  EXPECT_EQ(plan.counts.containers, 1U);
  EXPECT_EQ(plan.counts.applications, 2U);
  ASSERT_EQ(plan.units.size(), 1U) << "a subordinate's units come with its principal";
  EXPECT_EQ(plan.units[0].machine, "0/lxd/1");
}

TEST(Watch, judges_an_undeclared_model_by_active_and_idle) {
  EXPECT_EQ(judged(small_model()).ruling, Ruling::pass);
  ModelStatus status = small_model();
  status.units["web/0"].workload.current = "blocked";
  EXPECT_EQ(judged(status).ruling, Ruling::fail);
  status = small_model();
  status.units.erase("ntp/0");
  EXPECT_EQ(judged(status).ruling, Ruling::fail) << "a subordinate went away";
}

TEST(Watch, waits_and_never_acts) {
  for (const Step& step : watch_phase.steps) {
    EXPECT_FALSE(step.effect);
    EXPECT_TRUE(step.settle);
  }
}

}  // namespace

}  // namespace gatehouse
