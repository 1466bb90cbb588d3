#include "base/boxed.h"

#include <string>

#include <gtest/gtest.h>

namespace gatehouse {

namespace {

TEST(Boxed, IsEmptyUntilItIsFilled) {
  Boxed<std::string> box;
  EXPECT_FALSE(box);
  box.emplace() = "one";
  ASSERT_TRUE(box);
  EXPECT_EQ(*box, "one");
  EXPECT_EQ(box->size(), 3U);
}

TEST(Boxed, CopiesAreTheirOwn) {
  Boxed<std::string> box;
  box.emplace() = "one";
  Boxed<std::string> copy = box;
  *copy = "two";
  EXPECT_EQ(*box, "one");
  box = copy;
  *copy = "three";
  EXPECT_EQ(*box, "two");
  box = Boxed<std::string>();
  EXPECT_FALSE(box);
}

}  // namespace

}  // namespace gatehouse
