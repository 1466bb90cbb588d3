// What the output says; that it is SARIF 2.1.0 is held to the schema in
// tests/sarif_schema_test.cpp.
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "output/result_test_support.h"
#include "output/write.h"

namespace gatehouse {
namespace {

using testing::HasSubstr;
using testing::Not;

json::value parsed(const std::string& document) {
  const auto value = parse_json(document);
  EXPECT_TRUE(value) << document;
  return value ? *value : json::value();
}

json::object run_of(const CommandResult& result) {
  return find_array(parsed(write_sarif(result)), "runs")->at(0).as_object();
}

TEST(SarifOutput, points_at_the_place_and_escapes_the_path) {
  const ResultSources sources;
  const json::object run = run_of(full_result(sources));
  const json::value& physical =
      *find(find_array(find_array(run, "results")->at(0), "locations")->at(0), "physicalLocation");
  EXPECT_EQ(find_string(*find(physical, "artifactLocation"), "uri"), "./a%20bundle.yaml");
  EXPECT_EQ(json::serialize(*find(physical, "region")),
            R"({"startLine":2,"startColumn":11,"endLine":2,"endColumn":20})");
}

TEST(SarifOutput, takes_an_absolute_path_for_a_file_and_a_colon_for_no_scheme) {
  SourceMap map;
  const Source& absolute = map.add("/srv/a:b.yaml", "x\n");
  CommandResult result;
  result.findings = {finding_at(Severity::error, "bundle/base", {&absolute, {1, 1}, {}}, "m")};
  EXPECT_THAT(write_sarif(result), HasSubstr("\"file:///srv/a%3Ab.yaml\""));
}

TEST(SarifOutput, names_each_rule_once_and_gives_each_result_its_index) {
  const ResultSources sources;
  CommandResult result = full_result(sources);
  result.findings.push_back(result.findings[0]);
  const json::object run = run_of(result);
  const json::array& rules = *find_array(*find(*find(run, "tool"), "driver"), "rules");
  std::set<std::string> ids;
  for (const json::value& rule : rules) EXPECT_TRUE(ids.insert(string_or_empty(rule, "id")).second);
  for (const json::value& row : *find_array(run, "results")) {
    const auto index = static_cast<std::size_t>(find_integer(row, "ruleIndex").value_or(-1));
    ASSERT_LT(index, rules.size());
    EXPECT_EQ(find_string(rules[index], "id"), find_string(row, "ruleId"));
  }
}

TEST(SarifOutput, carries_the_page_of_a_code_and_the_question_of_a_gate) {
  const ResultSources sources;
  const std::string document = write_sarif(full_result(sources));
  EXPECT_THAT(document, HasSubstr("The number of units is negative."));
  EXPECT_THAT(document, HasSubstr("## What to do"));
  EXPECT_THAT(document, HasSubstr("Is it so?"));
}

TEST(SarifOutput, has_what_was_not_observed_as_an_error_and_what_holds_not_at_all) {
  const ResultSources sources;
  const json::object run = run_of(full_result(sources));
  std::multiset<std::string> gates;
  for (const json::value& row : *find_array(run, "results")) {
    const std::string rule = string_or_empty(row, "ruleId");
    if (rule.find('/') != std::string::npos || rule == "expired") continue;
    gates.insert(rule);
    EXPECT_EQ(find_string(row, "level"), "error") << rule;
  }
  EXPECT_THAT(gates, testing::ElementsAre("empty", "model_absent", "placement"));
}

TEST(SarifOutput, suppresses_what_the_site_file_accepts) {
  const ResultSources sources;
  const json::object run = run_of(full_result(sources));
  std::size_t suppressed = 0;
  for (const json::value& row : *find_array(run, "results")) {
    if (!find_array(row, "suppressions")) continue;
    ++suppressed;
    EXPECT_EQ(find_string(row, "ruleId"), "bundle/duplicate-key");
  }
  EXPECT_EQ(suppressed, 1U);
}

TEST(SarifOutput, holds_neither_control_characters_nor_the_text_of_a_secret_file) {
  const ResultSources sources;
  const std::string document = write_sarif(full_result(sources));
  EXPECT_THAT(document, Not(HasSubstr(kHiddenText)));
  for (const char c : document) EXPECT_TRUE(c == '\n' || (c >= 0x20 && c != 0x7f)) << +c;
}

}  // namespace
}  // namespace gatehouse
