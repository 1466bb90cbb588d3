#include "gates/gates_page.h"

#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gates/gate.h"

namespace gatehouse {
namespace {

TEST(GatesPage, is_up_to_date_in_the_repository) {
  std::ifstream file(GATEHOUSE_SOURCE_DIR "/docs/gates.md", std::ios::binary);
  ASSERT_TRUE(file);
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(page, gates_page()) << "run: script/dev docs";
}

TEST(GatesPage, has_a_row_for_each_gate_with_its_facts_and_its_waiving) {
  const std::string page = gates_page();
  for (const Gate* gate : all_gates()) {
    const std::size_t start = page.find("| `" + std::string(gate->id) + "` | ");
    ASSERT_NE(start, std::string::npos) << gate->id;
    const std::string row = page.substr(start, page.find('\n', start) - start);
    for (const FactKey key : gate->needs) EXPECT_THAT(row, testing::HasSubstr(to_string(key)));
    EXPECT_EQ(row.ends_with("| no |"), gate->waiving == Waiving::forbidden) << row;
  }
}

}  // namespace
}  // namespace gatehouse
