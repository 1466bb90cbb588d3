// Our plans and refusals against Juju 3.6.28's own: bundles of others, and questions of ours.
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>

#include <gtest/gtest.h>

#include "tests/corpus/juju_case.h"

namespace gatehouse::corpus {
namespace {

constexpr int kShownMax = 5;

// Counts the cases that match and tells of the first that do not.
std::size_t matches_in(const std::filesystem::path& folder) {
  const auto cases = cases_in(folder);
  std::size_t matched = 0;
  int shown = 0;
  for (const auto& path : cases) {
    const std::string why = difference(path);
    if (why.empty()) {
      ++matched;
    } else if (shown++ < kShownMax) {
      std::cout << path.filename().string() << ": " << why << "\n";
    }
  }
  std::cout << "matched " << matched << " of " << cases.size() << "\n";
  return matched;
}

TEST(JujuParity, every_probe_is_planned_or_refused_as_juju_does) {
  const std::filesystem::path folder = GATEHOUSE_SOURCE_DIR "/tests/fixtures/probes";
  EXPECT_EQ(cases_in(folder).size(), 169U);
  EXPECT_EQ(matches_in(folder), 169U);
}

// The bundles belong to others and are not part of this repository.
TEST(JujuParity, every_bundle_of_the_corpus_is_planned_or_refused_as_juju_does) {
  const std::filesystem::path folder = GATEHOUSE_SOURCE_DIR "/../shared/corpus/bundles";
  if (!std::filesystem::exists(folder)) {
    std::cout << "the corpus of bundles is absent: " << folder.string() << "\n";
    EXPECT_EQ(std::getenv("CI"), nullptr) << "CI must have the corpus";
    return;
  }
  EXPECT_GE(cases_in(folder).size(), 454U);
  EXPECT_EQ(matches_in(folder), cases_in(folder).size());
}

}  // namespace
}  // namespace gatehouse::corpus
