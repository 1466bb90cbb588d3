#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "phases/as_built.h"
#include "phases/phase.h"

namespace gatehouse {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const Step& step_named(std::string_view id) {
  for (const Step& step : all_phases().front()->steps) {
    if (step.id == id) return step;
  }
  ADD_FAILURE() << "no step " << id;
  return all_phases().front()->steps.front();
}

Inputs omega() {
  Inputs inputs;
  inputs.site.juju.controller = "omega";
  inputs.site.juju.model = "openstack";
  return inputs;
}

const json::object kMade{{"controller", "omega"}, {"model", "openstack"}, {"uuid", "u1"}};

Facts empty_model() {
  Facts facts;
  facts.juju_models = Observation<std::vector<JujuModel>>::seen({{.name = "openstack",
                                                                  .owner = "admin",
                                                                  .uuid = "u1",
                                                                  .life = "alive",
                                                                  .status = "",
                                                                  .cloud = "",
                                                                  .credential = ""}},
                                                                {});
  ModelStatus status;
  status.name = "openstack";
  facts.model_status = Observation<ModelStatus>::seen(status, {});
  return facts;
}

std::string way_out(const Facts& facts, const json::object& made = kMade) {
  return step_named("dry-run").way_out->words(omega(), facts, made);
}

TEST(WayOut, names_the_command_for_exactly_the_empty_model_of_this_run) {
  const std::string words = way_out(empty_model());
  EXPECT_THAT(words, HasSubstr("juju destroy-model omega:openstack"));
  EXPECT_THAT(words, HasSubstr("never with --force"));
  EXPECT_THAT(words, HasSubstr("--use-empty-model"));
}

TEST(WayOut, is_not_told_where_it_would_not_be_safe) {
  EXPECT_EQ(way_out({}), "") << "nothing was seen";
  EXPECT_EQ(way_out(empty_model(), {}), "") << "nothing was made";
  Facts facts = empty_model();
  facts.juju_models.value()->front().uuid = "another";
  EXPECT_EQ(way_out(facts), "") << "another model of that name";
  facts = empty_model();
  facts.juju_models.value()->front().life = "dying";
  EXPECT_EQ(way_out(facts), "") << "it is going already";
  facts = empty_model();
  facts.model_status.value()->machines["0"].id = "0";
  EXPECT_EQ(way_out(facts), "") << "it is not empty";
  facts = empty_model();
  facts.model_status.value()->unread = {"applications"};
  EXPECT_EQ(way_out(facts), "") << "what could not be read may be something";
  facts = empty_model();
  facts.model_status.value()->name = "other";
  EXPECT_EQ(way_out(facts), "") << "the status is of another model";
}

TEST(Continuation, maps_each_machine_that_is_there_and_no_other) {
  const Continuation& rest = *step_named("deploy").effect->continuation;
  Plan plan;
  plan.machines = {{"0", "8", ""}, {"1", "9", ""}, {"2", "", ""}};
  Facts facts = empty_model();
  for (const char* id : {"0", "2", "0/lxd/0"}) facts.model_status.value()->machines[id].id = id;
  Questions questions;
  questions.controller = "omega";
  questions.model = "openstack";
  questions.bundle_file = "/stage/bundle.yaml";
  rest.prepare(omega(), plan, facts, questions);
  EXPECT_EQ(questions.map_machines, "existing,8=0");
  EXPECT_THAT(rest.argv(omega(), questions),
              ElementsAre("juju", "deploy", "-m", "omega:openstack", "--map-machines",
                          "existing,8=0", "--no-browser-login", "/stage/bundle.yaml"));
}

TEST(AsBuilt, tells_who_has_which_declared_role) {
  Inputs inputs = omega();
  ExpectedState sql;
  sql.applications = "sql";
  sql.exactly = {{"*Mode: R/O*", 1}, {"*Mode: R/W*", 1}};
  inputs.site.settled.expect = {sql};
  Facts facts = empty_model();
  for (const auto& [name, message] :
       {std::pair{"sql/0", "PO: Mode: R/W"}, std::pair{"sql/1", "Mode: R/O"},
        std::pair{"other/0", "Mode: R/W"}}) {
    UnitStatus& unit = facts.model_status.value()->units[name];
    unit.name = name;
    unit.application = unit.name.substr(0, unit.name.find('/'));
    unit.workload.message = message;
    unit.public_address = "10.0.0." + unit.name.substr(unit.name.size() - 1);
  }
  const json::object record = as_built_of_deploy(inputs, Plan{}, facts);
  EXPECT_EQ(json::serialize(record.at("roles")),
            R"([{"applications":"sql","role":"*Mode: R/O*","declared":1,)"
            R"("units":[{"unit":"sql/1","address":"10.0.0.1"}]},)"
            R"({"applications":"sql","role":"*Mode: R/W*","declared":1,)"
            R"("units":[{"unit":"sql/0","address":"10.0.0.0"}]}])");
}

}  // namespace

}  // namespace gatehouse
