// What a site file accepts: the finding is kept apart with the reason; an entry in vain is told.
#include <filesystem>
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "cli/read_inputs.h"
#include "effects/posix/posix.h"

namespace gatehouse::cli {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;

class AcceptOfTheSite : public testing::Test {
 protected:
  AcceptOfTheSite()
      : folder_(fs::path(GATEHOUSE_BINARY_DIR) / "accept-tests" / std::to_string(::getpid())) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    std::ofstream(folder_ / "bundle.yaml")
        << "machines: {\"0\": {}}\n"
           "applications: {a: {charm: ch:x, base: ubuntu@22.04, channel: 1/stable, revision: 1,\n"
           "  num_units: 2, to: [lxd:0, lxd:0]}}\n";
  }
  ~AcceptOfTheSite() override { fs::remove_all(folder_); }

  ReadInputs read(const std::string& accept) {
    std::ofstream(folder_ / "site.yaml")
        << "gatehouse: 1\nsite: small\nbundle: bundle.yaml\njuju: {controller: c, model: m}\n"
           "maas: {profile: p}\nsettled: {deadline: 1h}\n"
           "planes: {front: {cidr: 10.0.0.0/24, space: front-net}}\n"
           "machines: {n0: {memory: 64GiB}}\n"
        << "accept: " << accept << "\n";
    auto inputs = read_inputs(folder_ / "site.yaml", "site.yaml", *files_, sources_);
    EXPECT_TRUE(inputs) << (inputs ? "" : to_string(inputs.error()));
    return inputs ? std::move(*inputs) : ReadInputs{};
  }

  static std::vector<std::string> told(const std::vector<Diagnostic>& findings) {
    std::vector<std::string> lines;
    for (const Diagnostic& finding : findings) {
      if (finding.code == "charm/not-judged") continue;
      lines.push_back(to_string(finding.severity) + " " + finding.code + " " + finding.subject);
    }
    return lines;
  }

  fs::path folder_;
  SourceMap sources_;
  std::unique_ptr<FileStore> files_ = posix::make_file_store();
};

TEST_F(AcceptOfTheSite, keeps_a_finding_apart_with_its_reason) {
  const ReadInputs read = this->read("[{code: bundle/units-on-one-machine, on: a, reason: small}]");
  EXPECT_THAT(told(read.findings), IsEmpty());
  ASSERT_THAT(told(read.accepted), ElementsAre("note bundle/units-on-one-machine a"));
  EXPECT_EQ(read.accepted[0].accepted_because, "small");
}

TEST_F(AcceptOfTheSite, says_that_an_entry_covers_nothing) {
  const ReadInputs read = this->read("[{code: bundle/units-on-one-machine, on: b, reason: small}]");
  EXPECT_THAT(told(read.findings),
              ElementsAre("note bundle/units-on-one-machine a",
                          "note site/accept-unused bundle/units-on-one-machine"));
  EXPECT_THAT(read.accepted, IsEmpty());
}

TEST_F(AcceptOfTheSite, refuses_a_code_that_no_finding_has) {
  const ReadInputs read = this->read("[{code: bundle/unit-on-one-machine, on: a, reason: small}]");
  EXPECT_THAT(told(read.findings),
              ElementsAre("note bundle/units-on-one-machine a",
                          "error site/unknown-code bundle/unit-on-one-machine"));
  EXPECT_EQ(read.findings.back().help, "did you mean bundle/units-on-one-machine?");
  EXPECT_EQ(to_string(read.findings.back().span), "site.yaml:9:10");
}

TEST_F(AcceptOfTheSite, calls_no_entry_unused_where_the_bundle_could_not_be_judged) {
  std::ofstream(folder_ / "bundle.yaml") << "applications: [\n";
  const ReadInputs read = this->read("[{code: bundle/units-on-one-machine, reason: small}]");
  EXPECT_FALSE(read.findings.empty());
  for (const Diagnostic& finding : read.findings) EXPECT_NE(finding.code, "site/accept-unused");
}

}  // namespace
}  // namespace gatehouse::cli
