// What holds for every rule: a stable code of its own, a page that explains it, a place in the
// table.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lint/rule.h"

namespace gatehouse {
namespace {

TEST(AllRules, have_a_code_a_summary_and_a_page_that_tells_how_to_accept_them) {
  std::set<std::string> codes;
  for (const Rule* rule : all_rules()) {
    const std::string code(rule->code);
    EXPECT_TRUE(codes.insert(code).second) << code << " is there twice";
    EXPECT_FALSE(rule->summary.empty()) << code;
    ASSERT_NE(rule->judge, nullptr) << code;
    std::ifstream page(GATEHOUSE_SOURCE_DIR "/docs/findings/" + code + ".md");
    const std::string text(std::istreambuf_iterator<char>(page), {});
    EXPECT_THAT(text, testing::StartsWith("# " + code + "\n")) << code << " has no page";
    EXPECT_THAT(text, testing::HasSubstr("Severity: " + to_string(rule->severity))) << code;
    EXPECT_THAT(text, testing::HasSubstr("accept: [{code: " + code)) << code;
  }
  EXPECT_GE(codes.size(), 30U);
}

TEST(AllRules, find_nothing_in_a_bundle_with_nothing_in_it) {
  const Bundle bundle;
  const Plan plan;
  const Site site;
  const CharmCatalogue& charms = CharmCatalogue::embedded();
  EXPECT_TRUE(lint({bundle, &plan, charms, &site}).empty());
  EXPECT_TRUE(lint({bundle, nullptr, charms, nullptr}).empty());
}

}  // namespace
}  // namespace gatehouse
