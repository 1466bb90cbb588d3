#include "plan/plan.h"

#include <string>
#include <variant>

#include <gtest/gtest.h>

namespace gatehouse {
namespace {

BundleApplication application(const std::string& name, std::int64_t units,
                              const std::vector<std::string>& to = {}) {
  BundleApplication made;
  made.name = name;
  made.charm = name;
  made.num_units = units;
  for (const std::string& directive : to) made.to.push_back({directive, {}});
  return made;
}

BundleMachine machine(const std::string& id) {
  BundleMachine made;
  made.id = id;
  return made;
}

Bundle bundle_of(const std::vector<BundleApplication>& applications,
                 const std::vector<std::string>& machines = {}) {
  Bundle bundle;
  for (const auto& given : applications) bundle.applications[given.name] = given;
  for (const auto& id : machines) bundle.machines[id] = machine(id);
  return bundle;
}

Plan plan_of(const Bundle& bundle) {
  auto planned = compute_plan(bundle);
  EXPECT_TRUE(std::holds_alternative<Plan>(planned));
  return std::move(std::get<Plan>(planned));
}

std::vector<std::string> lines_with(const Plan& plan, const std::string& begin) {
  std::vector<std::string> lines;
  for (const Change& change : plan.changes) {
    for (const std::string& line : change.description) {
      if (line.starts_with(begin)) lines.push_back(line);
    }
  }
  return lines;
}

TEST(BundlePlan, machines_are_numbered_in_natural_order_of_their_ids) {
  const Plan plan =
      plan_of(bundle_of({application("a", 4, {"8", "9", "10", "11"})}, {"8", "9", "10", "11"}));
  ASSERT_EQ(plan.machines.size(), 4U);
  EXPECT_EQ(plan.machines[2].number, "2");
  EXPECT_EQ(plan.machines[2].bundle_id, "10");
  EXPECT_EQ(lines_with(plan, "add new machine")[3], "add new machine 3 (bundle machine 11)");
}

TEST(BundlePlan, a_machine_directive_does_not_repeat) {
  const Plan plan = plan_of(bundle_of({application("a", 3, {"lxd:0"})}, {"0"}));
  EXPECT_EQ(plan.counts.containers, 1U);
  EXPECT_EQ(plan.counts.machines, 3U);
  EXPECT_EQ(lines_with(plan, "add unit"),
            (std::vector<std::string>{"add unit a/0 to 0/lxd/0", "add unit a/1 to new machine 1",
                                      "add unit a/2 to new machine 2"}));
}

TEST(BundlePlan, what_all_changes_require_grows_with_the_square_of_the_machines) {
  const auto bytes_of = [](std::int64_t units) {
    return requirement_bytes(plan_of(bundle_of({application("a", units, {"lxd:new"})})));
  };
  EXPECT_GT(bytes_of(200), 3 * bytes_of(100));
  EXPECT_LT(bytes_of(100), kRequirementBytesMax);
  EXPECT_GT(bytes_of(10'000), kRequirementBytesMax);
}

TEST(BundlePlan, containers_require_every_machine_change_before_them) {
  const Plan plan = plan_of(bundle_of({application("a", 2, {"lxd:0", "lxd:1"})}, {"0", "1"}));
  const Requirements requirements(plan);
  for (const Change& change : plan.changes) {
    if (change.id() == "addMachines-7") {
      EXPECT_EQ(requirements.of(change),
                (std::vector<std::string_view>{"addMachines-2", "addMachines-3", "addMachines-6"}));
      return;
    }
  }
  FAIL() << "no second container";
}

TEST(BundlePlan, a_placement_cycle_is_refused_with_all_that_wait) {
  const auto planned = compute_plan(
      bundle_of({application("a", 1, {"b"}), application("b", 1, {"a"}), application("c", 1)}));
  ASSERT_TRUE(std::holds_alternative<PlanRefusal>(planned));
  EXPECT_EQ(std::get<PlanRefusal>(planned).text,
            "ERROR cannot deploy bundle: cycle in placement directives for: a, b");
}

TEST(BundlePlan, spaces_of_bindings_become_constraints_of_containers_only) {
  BundleApplication bound = application("a", 1, {"lxd:0"});
  bound.constraints.value = "mem=2G cores=1";
  bound.bindings["public"].value = "ext";
  Bundle bundle = bundle_of({bound}, {"0"});
  bundle.machines["0"].constraints.value = "mem=1G";
  const Plan plan = plan_of(bundle);
  std::vector<std::string> constraints;
  for (const Change& change : plan.changes) {
    if (change.method != "addMachines") continue;
    constraints.emplace_back(change.args.at("constraints").get_string());
  }
  EXPECT_EQ(constraints, (std::vector<std::string>{"mem=1G", "spaces=ext cores=1 mem=2G"}));
}

TEST(BundlePlan, an_empty_bundle_has_nothing_to_say) {
  const Plan plan = plan_of(Bundle{});
  EXPECT_EQ(dry_run_text(plan), "");
  EXPECT_EQ(json_text(plan, {}),
            R"({"changes":[],"counts":{"applications":0,"changes":0,"containers":0,)"
            R"("machines":0,"relations":0,"units":0},"warnings":[]})");
}

TEST(BundlePlan, channels_are_checked_before_anything_is_planned) {
  BundleApplication given = application("a", 1);
  given.channel = "a/b/c/d";
  const auto planned = compute_plan(bundle_of({given}));
  ASSERT_TRUE(std::holds_alternative<PlanRefusal>(planned));
  EXPECT_EQ(std::get<PlanRefusal>(planned).text,
            "ERROR cannot deploy bundle: for application \"a\": channel is malformed and has too "
            "many components \"a/b/c/d\"");
}

}  // namespace
}  // namespace gatehouse
