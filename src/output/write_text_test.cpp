#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "output/result_test_support.h"
#include "output/write.h"

namespace gatehouse {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

TEST(TextOutput, shows_the_line_of_an_open_file_with_a_caret) {
  const ResultSources sources;
  const std::string text = write_text(full_result(sources));
  EXPECT_THAT(text, HasSubstr("./a bundle.yaml:2:11: error: "));
  EXPECT_THAT(text, HasSubstr("    2 |   mysql: {num_units: x}\n      |           ^~~~~~~~~\n"));
}

TEST(TextOutput, shows_of_a_secret_file_the_place_only) {
  const ResultSources sources;
  const std::string text = write_text(full_result(sources));
  EXPECT_THAT(text, HasSubstr("overlays/pki.yaml:1:6: warning: it is over [expired]\n"));
  EXPECT_THAT(text, Not(HasSubstr(kHiddenText)));
}

TEST(TextOutput, names_the_checks_that_do_not_hold_and_only_those) {
  const ResultSources sources;
  const std::string text = write_text(full_result(sources));
  EXPECT_THAT(text, HasSubstr("FAIL     placement              2 checks\n"
                              "         mysql: expected on 1, observed on 2\\x07\n"
                              "           at ./a bundle.yaml:2:11\n"
                              "           help: move it\n"
                              "unknown  model_absent           1 check\n"));
}

TEST(TextOutput, ends_with_what_was_counted) {
  const ResultSources sources;
  EXPECT_THAT(write_text(full_result(sources)),
              EndsWith("site.yaml: 4 gates: 1 pass, 1 fail, 2 unknown; 1 error, 1 warning, 1 note; "
                       "1 accepted\n"));
  EXPECT_EQ(write_text(CommandResult{}), "nothing to remark\n");
}

TEST(TextOutput, lets_no_control_character_through) {
  const ResultSources sources;
  CommandResult result = full_result(sources);
  result.text_more = "CN=\x1b[2J\n";
  result.subject = "a\rb";
  for (const char c : write_text(result)) EXPECT_TRUE(c == '\n' || (c >= 0x20 && c != 0x7f)) << +c;
}

TEST(Fails, counts_errors_always_warnings_only_where_they_are_refused_and_notes_never) {
  const std::vector<Diagnostic> notes{finding_at(Severity::note, "a/b", {}, "n")};
  const std::vector<Diagnostic> warnings{finding_at(Severity::warning, "a/b", {}, "w")};
  const std::vector<Diagnostic> errors{finding_at(Severity::error, "a/b", {}, "e")};
  EXPECT_FALSE(fails(notes, Warnings::refused));
  EXPECT_FALSE(fails(warnings, Warnings::tolerated));
  EXPECT_TRUE(fails(warnings, Warnings::refused));
  EXPECT_TRUE(fails(errors, Warnings::tolerated));
}

TEST(OutputFormat, is_one_of_four_words) {
  EXPECT_EQ(parse_output_format("sarif"), OutputFormat::sarif);
  EXPECT_EQ(parse_output_format("junit"), OutputFormat::junit);
  EXPECT_EQ(parse_output_format("xml"), std::nullopt);
}

}  // namespace
}  // namespace gatehouse
