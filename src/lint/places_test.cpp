#include "lint/places.h"

#include <gtest/gtest.h>

namespace gatehouse::lint_places {
namespace {

Span at(const Source& source, std::uint32_t line, std::uint32_t column) {
  return {&source, {line, column}, {line, column + 1}};
}

std::string key_place(const std::string& text, std::uint32_t line, std::uint32_t column) {
  const Source source("f", text, Sensitivity::open);
  return to_string(key_of("key", at(source, line, column)));
}

TEST(KeyOf, is_found_in_front_of_the_value) {
  EXPECT_EQ(key_place("key: value", 1, 6), "f:1:1");
  EXPECT_EQ(key_place("{other: 1, key: value}", 1, 17), "f:1:12");
  EXPECT_EQ(key_place("\"key\" : &anchor value", 1, 17), "f:1:1");
  EXPECT_EQ(key_place("'key': value", 1, 8), "f:1:1");
  EXPECT_EQ(key_place("\xc3\xa4: 1, key: value", 1, 12), "f:1:7");
}

TEST(KeyOf, may_stand_on_the_line_above) {
  EXPECT_EQ(key_place("  key:\n    value", 2, 5), "f:1:3");
}

TEST(KeyOf, falls_back_to_the_value) {
  EXPECT_EQ(key_place("other: value", 1, 8), "f:1:8");
  EXPECT_EQ(key_place("- value", 1, 3), "f:1:3");
  EXPECT_EQ(key_place("key: value", 1, 99), "f:1:99");
  EXPECT_FALSE(key_of("key", {}));
  const std::string blanks(5000, ' ');
  EXPECT_EQ(key_place("{" + blanks + "key: value}", 1, 5007), "f:1:5007");
}

TEST(EndOf, is_the_whole_word_within_the_relation) {
  const Source source("f", "- [a:b, aa:b]\n- - x:y\n  - z\n", Sensitivity::open);
  const BundleRelation flow{"a:b", "aa:b", {&source, {1, 3}, {1, 14}}};
  EXPECT_EQ(to_string(end_of(flow, "a:b")), "f:1:4");
  EXPECT_EQ(to_string(end_of(flow, "aa:b")), "f:1:9");
  EXPECT_EQ(to_string(end_of(flow, "absent")), "f:1:3");
  const BundleRelation block{"x:y", "z", {&source, {2, 3}, {4, 1}}};
  EXPECT_EQ(to_string(end_of(block, "z")), "f:3:5");
}

}  // namespace
}  // namespace gatehouse::lint_places
