#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "output/result_test_support.h"
#include "output/write.h"

namespace gatehouse {
namespace {

using testing::HasSubstr;
using testing::Not;

json::value parsed(const std::string& text) {
  const auto value = parse_json(text);
  EXPECT_TRUE(value) << text;
  return value ? *value : json::value();
}

TEST(JsonOutput, has_verdicts_findings_and_what_else_the_result_has) {
  const ResultSources sources;
  CommandResult result = full_result(sources);
  result.more["certificates"] = json::array{1};
  const json::value document = parsed(write_json(result));
  EXPECT_EQ(find_array(document, "verdicts")->size(), 4U);
  EXPECT_EQ(find_array(document, "findings")->size(), 3U);
  EXPECT_EQ(find_array(document, "accepted")->size(), 1U);
  EXPECT_EQ(find_array(document, "certificates")->size(), 1U);
}

TEST(JsonOutput, gives_a_finding_its_fields_and_no_line_where_there_is_no_text) {
  const ResultSources sources;
  const json::value document = parsed(write_json(full_result(sources)));
  const json::array& findings = *find_array(document, "findings");
  EXPECT_EQ(find_string(findings[0], "code"), "bundle/units");
  EXPECT_EQ(find_string(findings[0], "severity"), "error");
  EXPECT_EQ(find_string(findings[0], "file"), "./a bundle.yaml");
  EXPECT_EQ(find_integer(findings[0], "line"), 2);
  EXPECT_EQ(find_integer(findings[0], "column"), 11);
  EXPECT_EQ(find_string(findings[0], "help"), "write a number");
  EXPECT_EQ(find(findings[2], "file"), nullptr);
  EXPECT_EQ(find(findings[2], "line"), nullptr);
}

TEST(JsonOutput, prints_a_verdict_as_the_journal_keeps_it) {
  const ResultSources sources;
  CommandResult result = full_result(sources);
  const json::value document = parsed(write_json(result));
  EXPECT_EQ(find_array(document, "verdicts")->at(1), json::value((*result.verdicts)[1].record));
}

TEST(JsonOutput, has_no_verdicts_where_no_gate_is_judged_and_an_empty_list_where_none_applied) {
  CommandResult result;
  EXPECT_EQ(find(parsed(write_json(result)), "verdicts"), nullptr);
  result.verdicts.emplace();
  EXPECT_EQ(find_array(parsed(write_json(result)), "verdicts")->size(), 0U);
}

TEST(JsonOutput, holds_neither_control_characters_nor_the_text_of_a_secret_file) {
  const ResultSources sources;
  const std::string text = write_json(full_result(sources));
  EXPECT_THAT(text, Not(HasSubstr(kHiddenText)));
  for (const char c : text) EXPECT_TRUE(c == '\n' || (c >= 0x20 && c != 0x7f)) << +c;
}

}  // namespace
}  // namespace gatehouse
