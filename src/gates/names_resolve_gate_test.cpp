#include "gates/gates_test_support.h"

namespace gatehouse::gates_test {

namespace {

constexpr std::string_view kGate = "names_resolve";

NameLookup& lookup_on(World& world, const std::string& machine) {
  return *world.facts.name_lookups.at(machine).value();
}

TEST(NamesResolve, HoldsWhereTheyDoOnEveryMachineAndContainer) {
  const Verdict verdict = verdict_of(kGate, good_world());
  EXPECT_EQ(checks_of(verdict, Ruling::pass),
            "machine 0 | example.org resolves | resolves, resolvers 10.1.0.1\n"
            "container 0/lxd/0 | example.org resolves | resolves, resolvers 10.1.0.1\n"
            "machine 1 | example.org resolves | resolves, resolvers 10.1.0.1\n"
            "container 1/lxd/0 | example.org resolves | resolves, resolvers 10.1.0.1\n"
            "machines and containers in the model | 2 machines, 2 containers | "
            "2 machines, 2 containers\n");
}

TEST(NamesResolve, FailsWhereAContainerCannotResolve) {
  World world = good_world();
  lookup_on(world, "0/lxd/0").resolved["example.org"] = false;
  EXPECT_EQ(checks_of(verdict_of(kGate, world), Ruling::fail),
            "container 0/lxd/0 | example.org resolves | example.org does not resolve after 1 try, "
            "resolvers 10.1.0.1\n");
}

TEST(NamesResolve, IsUnknownWhileALookupIsStillRepeated) {
  World world = good_world();
  NameLookup& lookup = lookup_on(world, "0");
  lookup.resolved["example.org"] = false;
  lookup.tries = 3;
  lookup.failing_since = Moment{};
  lookup.at = Moment{} + Milliseconds{59'000};
  EXPECT_RULING(kGate, world, Ruling::unknown);
  lookup.at = Moment{} + Milliseconds{60'000};
  EXPECT_RULING(kGate, world, Ruling::fail);
}

TEST(NamesResolve, IsUnknownUntilEveryMachineHasStarted) {
  World world = good_world();
  world.model().machines["1"].agent.current = "pending";
  EXPECT_EQ(checks_of(verdict_of(kGate, world), Ruling::unknown),
            "machine 1 | example.org resolves | not started yet: pending\n");
  world = good_world();
  world.model().machines.erase("1/lxd/0");
  EXPECT_EQ(checks_of(verdict_of(kGate, world), Ruling::unknown),
            "machines and containers in the model | 2 machines, 2 containers | "
            "2 machines, 1 container\n");
}

TEST(NamesResolve, IsUnknownWhereAMachineWasNotAskedOrDidNotAnswer) {
  World world = good_world();
  world.facts.name_lookups.erase("1");
  EXPECT_RULING(kGate, world, Ruling::unknown);
  world.facts.name_lookups["1"] = not_told<NameLookup>();
  EXPECT_RULING(kGate, world, Ruling::unknown);
  world = good_world();
  lookup_on(world, "1").resolved.clear();
  EXPECT_RULING(kGate, world, Ruling::unknown);
}

TEST(NamesResolve, MakesAPhantomResolverOneFindingForAllMachines) {
  World world = good_world();
  lookup_on(world, "0").resolvers = {"10.2.0.9", "10.1.0.1"};
  lookup_on(world, "1/lxd/0").resolvers = {"10.2.0.9"};
  const Verdict verdict = verdict_of(kGate, world);
  EXPECT_EQ(verdict.ruling, Ruling::pass);
  ASSERT_EQ(verdict.findings.size(), 1u);
  EXPECT_EQ(verdict.findings[0].code, "dns/phantom-resolver");
  EXPECT_EQ(verdict.findings[0].message, "2 of 4 list the phantom resolver 10.2.0.9: 0, 1/lxd/0");
}

TEST(NamesResolve, IsUnknownWhereTheModelCannotBeSeen) {
  World world = good_world();
  world.facts.model_status = not_told<ModelStatus>();
  EXPECT_RULING(kGate, world, Ruling::unknown);
}

TEST(NamesResolve, HasNothingToExamineWithoutNamesOrMachines) {
  World world = good_world();
  world.model() = {};
  world.plan.reset();
  EXPECT_RULING(kGate, world, Ruling::unknown);
  world.inputs.site.dns->lookup.clear();
  EXPECT_FALSE(find_gate(kGate)->applies(world.inputs));
  EXPECT_RULING(kGate, world, Ruling::unknown);
}

}  // namespace

}  // namespace gatehouse::gates_test
