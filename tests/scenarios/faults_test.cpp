// Every fault of the lab, alone: it closes its own gate with its own exit code, and what the
// runbook can know before it makes a model is known before.
#include <ostream>

#include <gtest/gtest.h>

#include "sim/faults.h"
#include "tests/scenarios/rehearsal.h"

namespace gatehouse::sim {

// Otherwise the test runner shows the bytes of the struct.
void PrintTo(const Fault& fault, std::ostream* stream) {
  *stream << fault.name;
}

}  // namespace gatehouse::sim

namespace gatehouse::scenarios {

namespace {

// What only a deployed model, or a dry run, can show.
const std::set<std::string, std::less<>> kLateGates{
    "addresses_on_planes", "bundle_warnings",   "machines_started",
    "names_resolve",       "never_messages",    "no_unit_error",
    "plan_equals_dry_run", "unit_certificates", "unit_states"};

std::string test_name(const testing::TestParamInfo<sim::Fault>& fault) {
  std::string name(fault.param.name);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

/// The others are played by in_a_lab_test.cpp, whose lab outlives the first run.
std::vector<sim::Fault> faults_of_one_run() {
  std::vector<sim::Fault> faults;
  for (const sim::Fault& fault : sim::all_faults()) {
    if (!fault.comes_when_resumed) faults.push_back(fault);
  }
  return faults;
}

class EachFault : public testing::TestWithParam<sim::Fault> {};

TEST_P(EachFault, closes_its_own_gate) {
  const sim::Fault& fault = GetParam();
  const std::string name(fault.name);
  const Rehearsal rehearsal = rehearse("omega", "fault-" + name, {"--fault", name});
  const std::string said = rehearsal.result.out + rehearsal.result.err;
  EXPECT_EQ(rehearsal.result.exit_code, fault.exit_code) << said;
  if (name == "controller-away") {
    EXPECT_NE(said.find("the model is not observed, and is asked again"), std::string::npos);
  }
  if (fault.gate.empty()) return;
  const auto closed = rehearsal.closed_gates();
  const std::string expected = std::string(fault.gate) + " " + std::string(fault.ruling);
  EXPECT_NE(std::find(closed.begin(), closed.end(), expected), closed.end())
      << "wanted: " << expected << "\n"
      << said;
  if (!kLateGates.contains(fault.gate)) {
    EXPECT_FALSE(rehearsal.has_effect()) << "a model was made first\n" << said;
  }
}

INSTANTIATE_TEST_SUITE_P(lab, EachFault, testing::ValuesIn(faults_of_one_run()), test_name);

}  // namespace

}  // namespace gatehouse::scenarios
