#include "base/redactor.h"

#include <gtest/gtest.h>

namespace gatehouse {

namespace {

TEST(Redactor, blanks_every_occurrence_and_nothing_else) {
  Redactor redactor;
  redactor.add("correct-horse");
  EXPECT_EQ(redactor.redacted("key: correct-horse, again correct-horse."),
            "key: (redacted), again (redacted).");
  EXPECT_EQ(redactor.redacted("correct horse"), "correct horse");
  EXPECT_EQ(redactor.redacted(""), "");
}

TEST(Redactor, takes_the_longest_of_values_that_overlap) {
  Redactor redactor;
  redactor.add("battery-");
  redactor.add("battery-staple");
  redactor.add("a battery-staple");
  EXPECT_EQ(redactor.redacted("a battery-staple; battery-staple; battery-"),
            "(redacted); (redacted); (redacted)");
}

TEST(Redactor, leaves_short_values_alone) {
  Redactor redactor;
  redactor.add("true");
  redactor.add("");
  EXPECT_EQ(redactor.redacted("it is true"), "it is true");
}

TEST(Redactor, without_values_changes_nothing) {
  EXPECT_EQ(Redactor().redacted("anything at all"), "anything at all");
}

}  // namespace

}  // namespace gatehouse
