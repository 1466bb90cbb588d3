#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "phases/phase.h"

namespace gatehouse {

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Inputs two_machines() {
  Inputs inputs;
  inputs.folder = "/home/operator/site";
  inputs.site.bundle = "bundle.yaml";
  inputs.site.overlays = {{.file = "a.yaml", .span = {}, .is_secret = false},
                          {.file = "b.yaml", .span = {}, .is_secret = true}};
  inputs.site.machines.resize(2);
  inputs.site.machines[0].hostname = "one";
  inputs.site.machines[1].hostname = "two";
  inputs.site.planes.resize(1);
  inputs.site.planes[0].name = "metal";
  inputs.site.planes[0].cidr = *parse_cidr("10.1.0.0/24");
  return inputs;
}

TEST(Questions, ask_for_each_machines_disk_at_its_host) {
  Inputs inputs = two_machines();
  BlankDisk disk;
  disk.host = "{machine}-hypervisor";
  disk.path = "/images/{machine}.qcow2";
  inputs.site.blank_disks = {disk};
  const Questions questions = questions_of(inputs, nullptr, "/home/operator");
  ASSERT_EQ(questions.disks.size(), 2U);
  EXPECT_EQ(questions.disks[1].host, "two-hypervisor");
  EXPECT_EQ(questions.disks[1].path, "/images/two.qcow2");
}

TEST(Questions, a_disk_that_maas_knows_needs_no_host) {
  Inputs inputs = two_machines();
  BlankDisk disk;
  disk.source = DiskSource::maas;
  inputs.site.blank_disks = {disk};
  EXPECT_THAT(questions_of(inputs, nullptr, "").disks, IsEmpty());
}

TEST(Questions, name_the_secret_overlay_and_every_overlay_in_order) {
  const Questions questions = questions_of(two_machines(), nullptr, "");
  EXPECT_THAT(questions.overlay_files,
              ElementsAre("/home/operator/site/a.yaml", "/home/operator/site/b.yaml"));
  EXPECT_EQ(questions.secret_overlay, "/home/operator/site/b.yaml");
  EXPECT_EQ(questions.secret_overlay_name, "b.yaml");
}

TEST(Questions, addresses_in_use_are_asked_for_on_vip_planes_only) {
  Inputs inputs = two_machines();
  EXPECT_THAT(questions_of(inputs, nullptr, "").address_cidrs, IsEmpty());
  inputs.site.vips.emplace();
  inputs.site.vips->legs = {{.plane = "metal", .band = {}, .span = {}}};
  EXPECT_THAT(questions_of(inputs, nullptr, "").address_cidrs, ElementsAre("10.1.0.0/24"));
}

// The deploy of a bundle with a relation to a remote application, which no model lists as its own.
TEST(Phases, a_deploy_with_a_remote_application_can_be_whole_or_partly_there) {
  const Step* deploy = nullptr;
  for (const Step& step : all_phases().front()->steps) {
    if (step.id == "deploy") deploy = &step;
  }
  ASSERT_TRUE(deploy && deploy->effect);
  for (const auto& [first, second] :
       {std::pair{"remote:db", "web:db"}, std::pair{"web:db", "remote:db"}}) {
    Plan plan;
    plan.applications.push_back({.name = "web", .charm = "web", .channel = "", .base = ""});
    plan.relations.push_back({.first = first, .second = second});
    ModelStatus status;
    status.applications["web"].name = "web";
    Facts facts;
    facts.model_status = Observation<ModelStatus>::seen(status, {});
    EXPECT_EQ(deploy->effect->landed({}, plan, facts).landed, Landed::partly);
    status.applications["web"].relations.push_back(
        {.endpoint = "db", .application = "remote", .interface = "", .scope = ""});
    facts.model_status = Observation<ModelStatus>::seen(status, {});
    EXPECT_EQ(deploy->effect->landed({}, plan, facts).landed, Landed::whole);
  }
}

TEST(Phases, every_step_has_a_name_and_something_to_do) {
  ASSERT_FALSE(all_phases().empty());
  for (const Phase* phase : all_phases()) {
    std::set<std::string_view> ids;
    for (const Step& step : phase->steps) {
      EXPECT_TRUE(ids.insert(step.id).second) << step.id << " is there twice";
      EXPECT_FALSE(step.source.empty()) << step.id;
      EXPECT_TRUE(step.effect || step.settle || !step.exit_gates.empty()) << step.id;
      if (step.effect) {
        EXPECT_FALSE(step.guards.empty()) << step.id << " acts unguarded";
        EXPECT_TRUE(step.effect->landed) << step.id << " cannot be reconciled";
      }
    }
  }
}

}  // namespace

}  // namespace gatehouse
