#include "gates/gates_test_support.h"

namespace gatehouse::gates_test {

namespace {

constexpr std::string_view kGate = "model_absent";

World with_model(std::string life, std::string owner = "admin") {
  World world = good_world();
  JujuModel model = juju_model("cloud", std::move(life));
  model.owner = std::move(owner);
  world.facts.juju_models.value()->push_back(model);
  return world;
}

World with_empty_model() {
  World world = with_model("alive");
  world.model_use = ModelUse::may_be_empty;
  world.model().machines.clear();
  world.model().applications.clear();
  world.model().units.clear();
  return world;
}

TEST(ModelAbsent, HoldsWhereOnlyOtherNamesAreThere) {
  EXPECT_RULING(kGate, good_world(), Ruling::pass);
}

TEST(ModelAbsent, HoldsWhereThereAreNoModelsAtAll) {
  World world = good_world();
  world.facts.juju_models.value()->clear();
  EXPECT_RULING(kGate, world, Ruling::pass);
}

TEST(ModelAbsent, FailsWhereTheModelLivesOrIsDying) {
  EXPECT_EQ(checks_of(verdict_of(kGate, with_model("alive")), Ruling::fail),
            "model cloud | no such model | admin/cloud is alive\n");
  EXPECT_RULING(kGate, with_model("dying"), Ruling::fail);
  EXPECT_RULING(kGate, with_model(""), Ruling::fail);
}

TEST(ModelAbsent, HoldsWhereItIsDead) {
  EXPECT_RULING(kGate, with_model("dead"), Ruling::pass);
}

TEST(ModelAbsent, HoldsWhereItIsSomebodyElses) {
  EXPECT_RULING(kGate, with_model("alive", "somebody"), Ruling::pass);
}

TEST(ModelAbsent, FailsWhereNobodyCanTellWhoseItIs) {
  EXPECT_RULING(kGate, with_model("alive", ""), Ruling::fail);
  EXPECT_RULING(kGate, with_model("alive", "admin@local"), Ruling::fail);
  World world = with_model("alive", "somebody");
  world.facts.juju_controller = {};
  EXPECT_RULING(kGate, world, Ruling::fail);
}

TEST(ModelAbsent, TakesUpAnEmptyLivingModelOnlyWhereThatIsAllowed) {
  World world = with_empty_model();
  EXPECT_RULING(kGate, world, Ruling::pass);
  world.model_use = ModelUse::must_be_absent;
  EXPECT_RULING(kGate, world, Ruling::fail);
}

TEST(ModelAbsent, FailsWhereTheModelToTakeUpIsNotEmptyOrIsDying) {
  World world = with_empty_model();
  world.model().machines["0"] = {};
  EXPECT_RULING(kGate, world, Ruling::fail);
  world = with_empty_model();
  world.model().applications["web"] = {};
  EXPECT_RULING(kGate, world, Ruling::fail);
  world = with_empty_model();
  world.facts.juju_models.value()->back().life = "dying";
  EXPECT_RULING(kGate, world, Ruling::fail);
}

TEST(ModelAbsent, IsUnknownWhereTheModelToTakeUpCannotBeSeen) {
  World world = with_empty_model();
  world.model().name = "other";
  EXPECT_RULING(kGate, world, Ruling::unknown);
  world.facts.model_status = not_told<ModelStatus>();
  EXPECT_RULING(kGate, world, Ruling::unknown);
}

TEST(ModelAbsent, IsUnknownWhereTheControllerDoesNotAnswer) {
  World world = good_world();
  world.facts.juju_models = not_told<std::vector<JujuModel>>();
  EXPECT_RULING(kGate, world, Ruling::unknown);
}

TEST(ModelAbsent, HasNothingToExamineWhereModelsWereNotAskedFor) {
  World world = good_world();
  world.facts.juju_models = {};
  EXPECT_RULING(kGate, world, Ruling::unknown);
}

}  // namespace

}  // namespace gatehouse::gates_test
