#include <filesystem>
#include <set>

#include "gates/gates_test_support.h"

namespace gatehouse::gates_test {

namespace {

std::vector<std::string> ids() {
  std::vector<std::string> ids;
  for (const Gate* gate : all_gates()) ids.emplace_back(gate->id);
  return ids;
}

TEST(AllGates, AreNamedAsTheirFilesAndSorted) {
  std::set<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(GATEHOUSE_SOURCE_DIR "/src/gates")) {
    const std::string name = entry.path().filename().string();
    const auto end = name.rfind("_gate.cpp");
    if (end != std::string::npos) files.insert(name.substr(0, end));
  }
  EXPECT_EQ(ids(), std::vector<std::string>(files.begin(), files.end()));
  EXPECT_FALSE(files.empty());
}

TEST(AllGates, HaveATestBesideEachOfThem) {
  for (const std::string& id : ids()) {
    const std::string path = GATEHOUSE_SOURCE_DIR "/src/gates/" + id + "_gate_test.cpp";
    EXPECT_TRUE(std::filesystem::exists(path)) << path;
  }
}

TEST(AllGates, SayWhatTheyAskAndWhereItStandsInTheRunbook) {
  for (const Gate* gate : all_gates()) {
    EXPECT_TRUE(gate->question.ends_with('?')) << gate->id;
    EXPECT_TRUE(gate->source.starts_with("phase 01, ")) << gate->id;
    EXPECT_NE(gate->judge, nullptr) << gate->id;
  }
}

TEST(AllGates, NeedEachFactOnce) {
  for (const Gate* gate : all_gates()) {
    const std::set<FactKey> needs(gate->needs.begin(), gate->needs.end());
    EXPECT_EQ(needs.size(), gate->needs.size()) << gate->id;
  }
}

TEST(AllGates, AreFoundByTheirIdAndByNoOther) {
  for (const Gate* gate : all_gates()) EXPECT_EQ(find_gate(gate->id), gate);
  EXPECT_EQ(find_gate("vip_polic"), nullptr);
  EXPECT_EQ(find_gate(""), nullptr);
}

TEST(AllGates, NeverPassInAnEmptyWorld) {
  for (const Gate* gate : all_gates()) EXPECT_RULING(gate->id, World{}, Ruling::unknown);
}

TEST(AllGates, NeverPassWithoutTheFactsTheyNeed) {
  for (const Gate* gate : all_gates()) {
    if (gate->needs.empty()) continue;
    World world = good_world();
    world.facts = {};
    if (gate->id == "bundle_warnings") continue;  // The bundle's own remarks are judged without.
    EXPECT_RULING(gate->id, world, Ruling::unknown);
  }
}

TEST(AllGates, ThatDoNotAlwaysApplyDoNotApplyToAnEmptySite) {
  const Inputs nothing_declared;
  const World world = good_world();
  for (const Gate* gate : all_gates()) {
    if (!gate->applies) continue;
    EXPECT_FALSE(gate->applies(nothing_declared)) << gate->id;
    EXPECT_TRUE(gate->applies(world.inputs)) << gate->id;
  }
}

TEST(AllGates, CannotBeWaivedWhereAModelOrAPlanIsAtStake) {
  std::set<std::string_view> forbidden;
  for (const Gate* gate : all_gates()) {
    if (gate->waiving == Waiving::forbidden) forbidden.insert(gate->id);
  }
  EXPECT_EQ(forbidden, (std::set<std::string_view>{"deploy_continues", "model_absent",
                                                   "plan_equals_dry_run"}));
}

TEST(Ruling, IsTheWorstOfTheChecksAndUnknownWithoutAny) {
  EXPECT_EQ(conclude({}).ruling, Ruling::unknown);
  EXPECT_EQ(conclude({passed("a", "", "")}).ruling, Ruling::pass);
  EXPECT_EQ(conclude({passed("a", "", ""), unknown("b", "", "")}).ruling, Ruling::unknown);
  EXPECT_EQ(conclude({unknown("b", "", ""), failed("c", "", ""), passed("a", "", "")}).ruling,
            Ruling::fail);
}

}  // namespace

}  // namespace gatehouse::gates_test
