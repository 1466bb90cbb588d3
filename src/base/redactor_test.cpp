#include "base/redactor.h"

#include <gtest/gtest.h>

#include "base/text.h"

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

TEST(Redactor, finds_a_value_without_its_line_end_and_each_of_its_lines) {
  Redactor redactor;
  redactor.add("correct-horse\n");
  redactor.add("first-of-two\n  second-of-two\n");
  EXPECT_EQ(redactor.redacted("got correct-horse"), "got (redacted)");
  EXPECT_EQ(redactor.redacted("got second-of-two\nand first-of-two"),
            "got (redacted)\nand (redacted)");
}

TEST(Redactor, finds_base64_wherever_the_value_stands_in_it_hexadecimal_and_url_forms) {
  Redactor redactor;
  redactor.add("correct/horse+battery");
  for (const char* before : {"", "a", "ab", "abc"}) {
    const std::string found =
        redactor.redacted(base64_encode(std::string(before) + "correct/horse+battery and more"));
    EXPECT_NE(found.find("(redacted)"), found.npos) << before << ": " << found;
    EXPECT_LE(found.size(), std::string("(redacted)").size() + 28) << found;
  }
  EXPECT_EQ(redactor.redacted("x=636f72726563742f686f7273652b62617474657279."), "x=(redacted).");
  EXPECT_EQ(redactor.redacted("636F72726563742F686F7273652B62617474657279"), "(redacted)");
  EXPECT_EQ(redactor.redacted("?p=correct%2Fhorse%2Bbattery&q"), "?p=(redacted)&q");
}

TEST(Redactor, finds_what_json_go_and_markup_make_of_a_value) {
  Redactor redactor;
  redactor.add("pa\"ss\\word<1>");
  EXPECT_EQ(redactor.redacted("got \"pa\\\"ss\\\\word<1>\""), "got \"(redacted)\"");
  EXPECT_EQ(redactor.redacted("<b>pa&quot;ss\\word&lt;1&gt;</b>"), "<b>(redacted)</b>");
  redactor.add(base64_encode("only-decoded-somewhere"));
  EXPECT_EQ(redactor.redacted("got only-decoded-somewhere"), "got (redacted)");
}

TEST(Redactor, finds_the_lines_of_a_pem_that_was_given_in_base64) {
  Redactor redactor;
  redactor.add(base64_encode("-----BEGIN X-----\nMIIBwords+of/the/key\n-----END X-----\n"));
  EXPECT_EQ(redactor.redacted("-----BEGIN X-----\nMIIBwords+of/the/key\n"),
            "-----BEGIN X-----\n(redacted)\n");
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
