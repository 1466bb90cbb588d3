#include "base/text.h"

#include <gtest/gtest.h>

namespace gatehouse {
namespace {

TEST(Printable, leaves_ordinary_text_alone) {
  for (const char* text : {"", "a b", "caf\xc3\xa9", "\xe2\x82\xac 5", "\xf0\x9f\x99\x82"}) {
    EXPECT_EQ(printable(text), text);
  }
}

TEST(Printable, shows_what_would_drive_a_terminal) {
  EXPECT_EQ(printable("a\x1b[2Jb\n"), "a\\x1b[2Jb\\x0a");
  EXPECT_EQ(printable("\x7f"), "\\x7f");
  EXPECT_EQ(printable("\xc2\x9b"), "\\xc2\\x9b") << "C1, which some terminals obey";
  EXPECT_EQ(printable("a\xff"), "a\\xff");
  EXPECT_EQ(printable("\xe2\x80"), "\\xe2\\x80") << "cut off";
}

TEST(Printable, shows_what_would_turn_the_direction_of_text_or_end_its_line) {
  EXPECT_EQ(printable("\xe2\x80\xae"), "\\xe2\\x80\\xae");
  EXPECT_EQ(printable("\xe2\x80\xa8"), "\\xe2\\x80\\xa8");
  EXPECT_EQ(printable("\xe2\x81\xa6"), "\\xe2\\x81\\xa6");
  EXPECT_EQ(printable("\xe2\x80\x94"), "\xe2\x80\x94") << "a dash is a dash";
}

}  // namespace
}  // namespace gatehouse
