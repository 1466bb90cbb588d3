// The catalogue of faults against the gates: each gate has the fault that violates it and, where it
// needs an answer of the world, the one that hides the answer; no two faults are one; every control
// is harmless; the page in docs/ is what the tables say. Each fault is played in tests/scenarios.
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "gates/gate.h"
#include "sim/fault_page.h"
#include "sim/faults.h"
#include "tests/simulation/world.h"

namespace gatehouse {

namespace {

constexpr std::size_t kOpenTrapsMax = 0;

bool has_fault(const Gate& gate, std::string_view ruling) {
  const auto faults = sim::all_faults();
  return std::any_of(faults.begin(), faults.end(), [&](const sim::Fault& fault) {
    return fault.gate == gate.id && fault.ruling == ruling;
  });
}

TEST(FaultCatalogue, each_gate_has_the_fault_that_violates_it) {
  for (const Gate* gate : all_gates()) {
    EXPECT_TRUE(has_fault(*gate, "fail")) << gate->id;
  }
}

bool is_of_files(const Gate& gate) {
  return std::all_of(gate.needs.begin(), gate.needs.end(),
                     [](FactKey fact) { return fact == FactKey::pki; });
}

// A fault that hides a fact hides it from every gate that needs the fact.
bool is_hidden_by_a_fault(const Gate& gate) {
  const auto faults = sim::all_faults();
  return std::any_of(faults.begin(), faults.end(), [&](const sim::Fault& fault) {
    if (fault.ruling != "unknown" || fault.gate.empty()) return false;
    const Gate* closed = find_gate(fault.gate);
    return closed != nullptr && !closed->needs.empty() &&
           std::all_of(closed->needs.begin(), closed->needs.end(), [&](FactKey fact) {
             return std::find(gate.needs.begin(), gate.needs.end(), fact) != gate.needs.end();
           });
  });
}

TEST(FaultCatalogue, each_gate_that_asks_has_the_fault_that_hides_the_answer) {
  for (const Gate* gate : all_gates()) {
    // A gate of files alone has no answer that could be hidden.
    // A secret overlay that cannot be read ends the program before any gate, with 2.
    if (is_of_files(*gate)) continue;
    EXPECT_TRUE(is_hidden_by_a_fault(*gate)) << gate->id;
  }
}

TEST(FaultCatalogue, every_fault_names_a_gate_its_ruling_and_its_exit_code) {
  std::set<std::string_view> names, sentences;
  const std::map<std::string_view, int> codes{
      {"pass", 0}, {"fail", 1}, {"unknown", 3}, {"in doubt", 4}};
  for (const sim::Fault& fault : sim::all_faults()) {
    EXPECT_TRUE(names.insert(fault.name).second) << fault.name << " is there twice";
    EXPECT_TRUE(sentences.insert(fault.does).second) << fault.name << " does what another does";
    ASSERT_TRUE(codes.contains(fault.ruling)) << fault.name;
    EXPECT_EQ(codes.at(fault.ruling), fault.exit_code) << fault.name;
    if (fault.gate.empty()) {
      // An effect that fails closes no gate; any other fault without one must be harmless.
      EXPECT_TRUE(fault.ruling == "pass" || fault.ruling == "in doubt") << fault.name;
    } else {
      EXPECT_NE(find_gate(std::string(fault.gate)), nullptr) << fault.name;
      EXPECT_NE(fault.ruling, "pass") << fault.name;
    }
  }
}

TEST(FaultCatalogue, no_two_faults_of_the_files_leave_the_same_files) {
  std::map<std::string, std::string_view> seen;
  for (const sim::Fault& fault : sim::all_faults()) {
    if (fault.kind != sim::FaultKind::input || fault.pki_created_days_ago != 0) continue;
    simulation::World world(
        {.site = "omega", .seed = 1, .faults = {std::string(fault.name)}, .days_later = 0});
    ASSERT_EQ(world.trouble(), "") << fault.name;
    std::string files;
    for (const auto& [path, file] : world.disk().all()) {
      if (path.starts_with(world.site_folder())) files += path + "\n" + file.bytes;
    }
    const auto [former, is_new] = seen.emplace(files, fault.name);
    EXPECT_TRUE(is_new) << fault.name << " is " << former->second << " by another name";
  }
}

TEST(FaultCatalogue, no_two_faults_of_the_world_set_the_same) {
  std::map<std::string (*)(const Site&, sim::WorldFaults&), std::string_view> seen;
  for (const sim::Fault& fault : sim::all_faults()) {
    if (!fault.choose) continue;
    const auto [former, is_new] = seen.emplace(fault.choose, fault.name);
    EXPECT_TRUE(is_new) << fault.name << " is " << former->second << " by another name";
  }
}

// Every suite of tests in the repository, as "(Name,".
std::string all_test_suites() {
  namespace fs = std::filesystem;
  std::string suites;
  for (const char* folder : {"src", "tests"}) {
    const fs::path top = fs::path(GATEHOUSE_SOURCE_DIR) / folder;
    for (const auto& entry : fs::recursive_directory_iterator(top)) {
      if (!entry.path().string().ends_with("_test.cpp")) continue;
      std::ifstream file(entry.path());
      for (std::string line; std::getline(file, line);) {
        if (line.starts_with("TEST")) suites += line.substr(line.find('(')) + "\n";
      }
    }
  }
  return suites;
}

TEST(FaultCatalogue, every_trap_names_what_shows_it) {
  const std::string suites = all_test_suites();
  std::size_t open = 0;
  for (const sim::Trap& trap : sim::all_traps()) {
    EXPECT_FALSE(trap.what.empty());
    if (trap.shown_by.empty()) ++open;
    for (const std::string& name : words_of(trap.shown_by)) {
      // A fault has a hyphen in its name, a test has none.
      if (name.find('-') == name.npos) {
        EXPECT_THAT(suites, testing::HasSubstr("(" + name + ",")) << trap.what;
        continue;
      }
      EXPECT_NE(sim::find_fault(name), nullptr) << trap.what << ": no fault " << name;
    }
  }
  EXPECT_LE(open, kOpenTrapsMax);
}

TEST(FaultCatalogue, its_page_is_up_to_date_in_the_repository) {
  std::ifstream file(GATEHOUSE_SOURCE_DIR "/docs/faults.md", std::ios::binary);
  ASSERT_TRUE(file);
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(page, sim::faults_page()) << "run: script/dev docs";
}

}  // namespace

}  // namespace gatehouse
