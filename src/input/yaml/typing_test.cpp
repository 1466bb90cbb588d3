#include "input/yaml/typing.h"

#include <charconv>
#include <cmath>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "base/text.h"

namespace gatehouse::yaml {
namespace {

std::string shortest(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  char text[32];
  const auto end =
      std::abs(value) > 1e+18
          ? std::to_chars(text, text + sizeof text, value, std::chars_format::scientific).ptr
          : std::to_chars(text, text + sizeof text, value).ptr;
  return std::string(text, end);
}

std::string in_words(const Resolution& resolution) {
  if (!resolution.failure.empty()) return "error\tyaml: " + resolution.failure;
  struct Visitor {
    std::string operator()(std::monostate) const { return "null\t"; }
    std::string operator()(bool value) const { return value ? "bool\ttrue" : "bool\tfalse"; }
    std::string operator()(std::int64_t value) const { return "int\t" + std::to_string(value); }
    std::string operator()(std::uint64_t value) const { return "uint\t" + std::to_string(value); }
    std::string operator()(double value) const { return "float\t" + shortest(value); }
    std::string operator()(const std::string& value) const { return "string\t" + value; }
  };
  return std::visit(Visitor{}, resolution.value);
}

// The table was printed by github.com/juju/yaml/v2 v2.0.0 itself (November 2026).
TEST(YamlTyping, agrees_with_the_reader_of_juju_on_every_row_of_its_table) {
  std::ifstream table(GATEHOUSE_SOURCE_DIR "/tests/golden/yaml/juju_yaml_typing.tsv");
  ASSERT_TRUE(table.is_open());
  std::string row;
  std::size_t rows = 0;
  while (std::getline(table, row)) {
    const std::size_t tab = row.find('\t');
    ASSERT_NE(tab, std::string::npos);
    SourceMap sources;
    const File file = parse(sources.add("x.yaml", "v: " + row.substr(0, tab) + "\n"));
    ASSERT_EQ(file.documents().size(), 1U) << row;
    EXPECT_EQ(in_words(resolve(*find(*file.documents()[0], "v"))), row.substr(tab + 1))
        << row.substr(0, tab);
    ++rows;
  }
  EXPECT_GE(rows, 120U);
}

TEST(YamlTyping, a_date_is_text_with_a_tag_of_its_own) {
  SourceMap sources;
  const File file = parse(sources.add("x.yaml", "[2001-01-01, 2001-13-01]"));
  EXPECT_EQ(resolve(*file.documents()[0]->items()[0]).tag, "!!timestamp");
  EXPECT_EQ(resolve(*file.documents()[0]->items()[1]).tag, "!!str");
}

TEST(YamlTyping, null_is_seen_through_an_alias_and_not_in_quotes) {
  SourceMap sources;
  const File file = parse(sources.add("x.yaml", "[&a ~, *a, '', \"null\", {}]"));
  const auto& items = file.documents()[0]->items();
  EXPECT_TRUE(is_null(*items[0]));
  EXPECT_TRUE(is_null(*items[1]));
  EXPECT_FALSE(is_null(*items[2]));
  EXPECT_FALSE(is_null(*items[3]));
  EXPECT_FALSE(is_null(*items[4]));
}

}  // namespace
}  // namespace gatehouse::yaml
