// The sites that come with the product can be read without a remark.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

#include "input/site/load_site.h"

namespace gatehouse {
namespace {

TEST(SitesOfTheProduct, are_read_without_a_finding) {
  SourceMap sources;
  std::size_t count = 0;
  const std::filesystem::path folder = std::filesystem::path(GATEHOUSE_SOURCE_DIR) / "sites";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream file(entry.path() / "site.yaml");
    ASSERT_TRUE(file) << entry.path();
    std::string text(std::istreambuf_iterator<char>(file), {});
    const std::string name = entry.path().filename().string() + "/site.yaml";
    const LoadedSite loaded = load_site(sources.add(name, std::move(text)));
    for (const Diagnostic& finding : loaded.findings) {
      ADD_FAILURE() << render(finding, Colour::off);
    }
    EXPECT_TRUE(loaded.site) << name;
    ++count;
  }
  EXPECT_GE(count, 2U);
}

}  // namespace
}  // namespace gatehouse
