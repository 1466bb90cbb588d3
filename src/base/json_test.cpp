#include "base/json.h"

#include <gtest/gtest.h>

namespace gatehouse {

namespace {

TEST(PrettyJson, lets_no_character_through_that_a_terminal_would_act_on) {
  const json::value value{{"a", "x\xc2\x9bm \xe2\x80\xae \x7f \xc3\xa4"}};
  const std::string text = to_pretty_json(value);
  EXPECT_EQ(text, "{\n  \"a\": \"x\\u009bm \\u202e \\u007f \xc3\xa4\"\n}\n");
  const auto read = parse_json(text);
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, value) << "it is the same document";
}

}  // namespace

}  // namespace gatehouse
