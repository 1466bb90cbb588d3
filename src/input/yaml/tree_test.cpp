#include "input/yaml/tree.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "input/yaml/typing.h"

namespace gatehouse::yaml {
namespace {

class YamlTree : public ::testing::Test {
 protected:
  File read(std::string text) { return parse(sources_.add("x.yaml", std::move(text))); }

  SourceMap sources_;
};

std::string place(const Node* node) {
  return to_string(node->span);
}

TEST_F(YamlTree, every_key_and_value_knows_its_line_and_column) {
  const File file = read("a: 1\nlist:\n  - x\n  - {k: \"v\"}\n");
  ASSERT_EQ(file.documents().size(), 1U);
  const Node& root = *file.documents()[0];
  EXPECT_EQ(place(root.entries()[0].key), "x.yaml:1:1");
  EXPECT_EQ(place(root.entries()[0].value), "x.yaml:1:4");
  const Node& list = *root.entries()[1].value;
  EXPECT_EQ(place(list.items()[0]), "x.yaml:3:5");
  EXPECT_EQ(place(list.items()[1]->entries()[0].value), "x.yaml:4:9");
  EXPECT_EQ(list.items()[1]->entries()[0].value->style, Style::double_quoted);
}

TEST_F(YamlTree, columns_count_code_points) {
  const File file = read("{\xc3\xa9\xc3\xa9: x}\n");
  EXPECT_EQ(place(file.documents()[0]->entries()[0].value), "x.yaml:1:6");
}

TEST_F(YamlTree, keeps_duplicate_keys_and_finds_the_last) {
  const File file = read("a: 1\nb: 2\na: 3\n");
  const Node& root = *file.documents()[0];
  EXPECT_EQ(root.entries().size(), 3U);
  EXPECT_EQ(find(root, "a")->text, "3");
  EXPECT_EQ(find(root, "c"), nullptr);
}

TEST_F(YamlTree, an_alias_has_its_own_place_and_its_target) {
  const File file = read("a: &x {k: 1}\nb: *x\n");
  const Node* b = find(*file.documents()[0], "b");
  EXPECT_EQ(b->kind, Kind::alias);
  EXPECT_EQ(place(b), "x.yaml:2:4");
  EXPECT_EQ(place(&resolved(*b)), "x.yaml:1:4");
  EXPECT_EQ(find(*b, "k")->text, "1");
}

TEST_F(YamlTree, a_later_anchor_of_one_name_takes_its_place) {
  const File file = read("a: &x 1\nb: &x 2\nc: *x\n");
  EXPECT_EQ(resolved(*find(*file.documents()[0], "c")).text, "2");
}

TEST_F(YamlTree, reads_several_documents_and_empty_ones) {
  EXPECT_TRUE(read("").documents().empty());
  EXPECT_TRUE(read("# only this\n").documents().empty());
  const File file = read("a: 1\n---\n---\nb: 2\n");
  ASSERT_EQ(file.documents().size(), 3U);
  EXPECT_EQ(file.documents()[1], nullptr);
  EXPECT_EQ(place(find(*file.documents()[2], "b")), "x.yaml:4:4");
}

TEST_F(YamlTree, anchors_end_with_their_document) {
  const File file = read("a: &x 1\n---\nb: *x\n");
  ASSERT_TRUE(file.error());
  EXPECT_EQ(file.error()->message, "unknown anchor 'x' referenced");
  EXPECT_EQ(file.error()->document, 1U);
  EXPECT_EQ(to_string(file.error()->span), "x.yaml:3:4");
}

// Each message was printed by github.com/juju/yaml/v2 v2.0.0 for that text (November 2026).
TEST_F(YamlTree, words_and_lines_of_syntax_errors_are_those_of_juju) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"a:\n  b: 1\n\tc: 2\n", "line 3: found a tab character that violates indentation"},
      {"a: 1\nb: 2\n x: 3\n", "line 3: mapping values are not allowed in this context"},
      {"a: [1, 2\nb: 3\n", "line 1: did not find expected ',' or ']'"},
      {"a: \"x\nb: 3\n", "line 3: found unexpected end of stream"},
      {"a:\n\tb: 1\n", "line 2: found character that cannot start any token"},
      {"k: v: w\n", "mapping values are not allowed in this context"},
      {"a:\n  - b\n c: 1\n", "line 2: did not find expected key"},
      {"a: |3x\n  foo\n", "did not find expected comment or line break"},
      {"%YAML 1.2\n---\nb: 1", "found incompatible YAML document"},
      {"a: b\x01 c\n", "control characters are not allowed"},
  };
  for (const auto& [text, message] : cases) {
    const File file = read(text);
    ASSERT_TRUE(file.error()) << text;
    EXPECT_EQ(file.error()->message, message) << text;
  }
}

TEST_F(YamlTree, a_syntax_error_has_the_place_where_reading_stopped) {
  const File file = read("a:\n\tb: 1\n");
  ASSERT_TRUE(file.error());
  EXPECT_EQ(file.error()->reason, "found character that cannot start any token");
  EXPECT_EQ(to_string(file.error()->span), "x.yaml:2:1");
  EXPECT_EQ(file.error()->document, 0U);
}

TEST_F(YamlTree, an_alias_within_its_own_anchor_is_an_error) {
  const File file = read("a: &x {b: *x}\n");
  ASSERT_TRUE(file.error());
  EXPECT_EQ(file.error()->message, "anchor 'x' value contains itself");
}

TEST_F(YamlTree, a_deferred_self_reference_fails_where_it_is_looked_at) {
  const Source& source = sources_.add("y.yaml", "a: &x {b: *x}\nc: 1\n");
  const File file = parse(source, SelfReference::deferred);
  ASSERT_FALSE(file.error());
  const Node* b = find(*find(*file.documents()[0], "a"), "b");
  EXPECT_EQ(resolve(*b).failure, "anchor 'x' value contains itself");
}

TEST_F(YamlTree, nesting_is_bounded_also_through_aliases) {
  EXPECT_FALSE(read(std::string(100, '[') + std::string(100, ']')).error());
  EXPECT_TRUE(read(std::string(101, '[') + std::string(101, ']')).error());
  std::string text = "a: &a " + std::string(60, '[') + std::string(60, ']') + "\n";
  text += "b: " + std::string(60, '[') + "*a" + std::string(60, ']') + "\n";
  const File file = read(text);
  ASSERT_TRUE(file.error());
  EXPECT_EQ(file.error()->message, "exceeded max depth of 100");
}

TEST_F(YamlTree, a_few_lines_of_aliases_cannot_stand_for_millions_of_nodes) {
  std::string text = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
  for (int i = 1; i < 9; ++i) {
    const std::string last = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + last;
    for (int k = 1; k < 10; ++k) text += " ," + last;
    text += " ]\n";
  }
  const File file = read(text);
  ASSERT_TRUE(file.error());
  EXPECT_EQ(file.error()->message, "document contains excessive aliasing");
}

TEST_F(YamlTree, bytes_that_are_no_utf8_are_placed) {
  const File file = read("a: 1\nb: \xff\n");
  ASSERT_TRUE(file.error());
  EXPECT_EQ(file.error()->message, "invalid leading UTF-8 octet");
  EXPECT_EQ(to_string(file.error()->span), "x.yaml:2:4");
}

}  // namespace
}  // namespace gatehouse::yaml
