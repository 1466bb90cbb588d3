// Every seed, and every input that once broke a reader, through its target: no fuzzer is needed.
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "tests/fuzz/targets.h"

namespace gatehouse::fuzz {
namespace {

namespace fs = std::filesystem;

class Seeds : public ::testing::TestWithParam<Target> {};

TEST_P(Seeds, end_without_a_broken_promise) {
  const fs::path folder =
      fs::path(GATEHOUSE_SOURCE_DIR "/tests/fuzz/seeds") / std::string(GetParam().name);
  std::size_t seeds = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    SCOPED_TRACE(entry.path().filename());
    std::ifstream file(entry.path(), std::ios::binary);
    std::ostringstream bytes;
    bytes << file.rdbuf();
    GetParam().run(bytes.str());
    ++seeds;
  }
  EXPECT_GE(seeds, 2U);
}

INSTANTIATE_TEST_SUITE_P(Target, Seeds, ::testing::ValuesIn(all_targets()),
                         [](const auto& param) { return std::string(param.param.name); });

}  // namespace
}  // namespace gatehouse::fuzz
