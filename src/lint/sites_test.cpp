// The sites that come with the product show exactly what their site files accept.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <variant>

#include <gtest/gtest.h>

#include "input/bundle/load_bundle.h"
#include "input/site/load_site.h"
#include "lint/rule.h"

namespace gatehouse {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

class LintOfSite : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    const fs::path folder = fs::path(GATEHOUSE_SOURCE_DIR) / "sites" / GetParam();
    LoadedSite site = load_site(sources_.add("site.yaml", read(folder / "site.yaml")));
    ASSERT_TRUE(site.site);
    site_ = std::move(*site.site);
    const BundleFiles files{
        .working_directory = folder.string(),
        .read = [](const std::string& path) { return Result<std::string>(read(path)); },
        .kind =
            [](const std::string& path) {
              if (fs::is_directory(path)) return PathKind::folder;
              return fs::exists(path) ? PathKind::file : PathKind::missing;
            }};
    loaded_ = load_bundle(sources_, files, {"./" + site_.bundle, {}, false});
    ASSERT_TRUE(loaded_.bundle) << loaded_.refusal;
    auto planned = compute_plan(*loaded_.bundle);
    ASSERT_TRUE(std::holds_alternative<Plan>(planned));
    plan_ = std::get<Plan>(std::move(planned));
  }

  SourceMap sources_;
  Site site_;
  LoadedBundle loaded_;
  Plan plan_;
};

TEST_P(LintOfSite, shows_what_the_site_file_accepts_and_nothing_else) {
  std::multiset<std::string> found, accepted;
  const CharmCatalogue& charms = CharmCatalogue::embedded();
  for (const Diagnostic& finding : lint({*loaded_.bundle, &plan_, charms, &site_})) {
    found.insert(finding.code + " on " + finding.subject);
  }
  for (const Acceptance& acceptance : site_.accept) {
    accepted.insert(acceptance.code + " on " + acceptance.on);
  }
  EXPECT_EQ(found, accepted);
}

INSTANTIATE_TEST_SUITE_P(all, LintOfSite, testing::Values("omega", "second"),
                         [](const auto& given) { return given.param; });

}  // namespace
}  // namespace gatehouse
