// Holds the output to the part of the SARIF 2.1.0 schema (OASIS) that it uses: the schema allows no
// property that it does not name, so each object is compared with the properties it may have, those
// it must have, and the values that are possible.
#include <functional>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "output/result_test_support.h"
#include "output/write.h"

namespace gatehouse {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// Problems of a value, each with its path.
using Problems = std::vector<std::string>;
using Rule = std::function<void(const json::value&, const std::string&, Problems&)>;

Rule text() {
  return [](const json::value& value, const std::string& path, Problems& problems) {
    if (!value.is_string() || value.get_string().empty()) problems.push_back(path + ": no text");
  };
}

Rule one_of(std::set<std::string> words) {
  return [words](const json::value& value, const std::string& path, Problems& problems) {
    if (!value.is_string() || !words.contains(std::string(value.get_string()))) {
      problems.push_back(path + ": another word");
    }
  };
}

Rule number_from(std::int64_t least) {
  return [least](const json::value& value, const std::string& path, Problems& problems) {
    const bool is_good =
        (value.is_int64() && value.get_int64() >= least) || (value.is_uint64() && least >= 0);
    if (!is_good) problems.push_back(path + ": number");
  };
}

// RFC 3986, without the parts that no path of ours has.
Rule uri_reference() {
  return [](const json::value& value, const std::string& path, Problems& problems) {
    if (!value.is_string() || value.get_string().empty()) return problems.push_back(path);
    const std::string_view uri = value.get_string();
    for (const char c : uri) {
      const bool is_allowed = std::isalnum(static_cast<unsigned char>(c)) != 0 ||
                              std::string_view("-._~/:%").find(c) != std::string_view::npos;
      if (!is_allowed) problems.push_back(path + ": not a URI reference: " + std::string(uri));
    }
  };
}

enum class Items { any, unique };

Rule list_of(const Rule& item, Items items = Items::any) {
  return [item, items](const json::value& value, const std::string& path, Problems& problems) {
    if (!value.is_array()) return problems.push_back(path + ": no list");
    std::set<std::string> seen;
    std::size_t index = 0;
    for (const json::value& element : value.get_array()) {
      item(element, path + "[" + std::to_string(index++) + "]", problems);
      if (items == Items::unique && !seen.insert(json::serialize(element)).second) {
        problems.push_back(path + ": an item is there twice");
      }
    }
  };
}

Rule object_of(std::map<std::string, Rule> properties, std::set<std::string> required) {
  return [properties, required](const json::value& value, const std::string& path,
                                Problems& problems) {
    if (!value.is_object()) return problems.push_back(path + ": no object");
    for (const std::string& name : required) {
      if (!value.get_object().contains(name)) problems.push_back(path + "." + name + ": missing");
    }
    for (const auto& member : value.get_object()) {
      const std::string name(member.key());
      const auto rule = properties.find(name);
      if (rule == properties.end()) {
        problems.push_back(path + "." + name + ": not in the schema");
      } else {
        rule->second(member.value(), path + "." + name, problems);
      }
    }
  };
}

Rule sarif_schema() {
  const Rule message = object_of({{"text", text()}}, {"text"});
  const Rule region = object_of({{"startLine", number_from(1)},
                                 {"startColumn", number_from(1)},
                                 {"endLine", number_from(1)},
                                 {"endColumn", number_from(1)}},
                                {"startLine"});
  const Rule physical = object_of(
      {{"artifactLocation", object_of({{"uri", uri_reference()}}, {"uri"})}, {"region", region}},
      {"artifactLocation"});
  const Rule location =
      object_of({{"physicalLocation", physical}, {"message", message}}, {"physicalLocation"});
  const Rule suppression = object_of({{"kind", one_of({"inSource", "external"})},
                                      {"status", one_of({"accepted", "underReview", "rejected"})},
                                      {"justification", text()}},
                                     {"kind"});
  const Rule result = object_of({{"ruleId", text()},
                                 {"ruleIndex", number_from(0)},
                                 {"level", one_of({"none", "note", "warning", "error"})},
                                 {"message", message},
                                 {"locations", list_of(location)},
                                 {"relatedLocations", list_of(location, Items::unique)},
                                 {"suppressions", list_of(suppression, Items::unique)}},
                                {"ruleId", "level", "message"});
  const Rule descriptor =
      object_of({{"id", text()},
                 {"shortDescription", message},
                 {"help", object_of({{"text", text()}, {"markdown", text()}}, {"text"})}},
                {"id"});
  const Rule driver = object_of(
      {{"name", text()}, {"version", text()}, {"rules", list_of(descriptor, Items::unique)}},
      {"name", "version", "rules"});
  const Rule run = object_of({{"tool", object_of({{"driver", driver}}, {"driver"})},
                              {"columnKind", one_of({"utf16CodeUnits", "unicodeCodePoints"})},
                              {"results", list_of(result)}},
                             {"tool", "results"});
  return object_of(
      {{"$schema", uri_reference()}, {"version", one_of({"2.1.0"})}, {"runs", list_of(run)}},
      {"$schema", "version", "runs"});
}

json::value parsed(const std::string& document) {
  const auto value = parse_json(document);
  EXPECT_TRUE(value) << document;
  return value ? *value : json::value();
}

json::object run_of(const CommandResult& result) {
  return find_array(parsed(write_sarif(result)), "runs")->at(0).as_object();
}

TEST(SarifOutput, is_what_the_schema_allows) {
  const ResultSources sources;
  CommandResult empty;
  empty.version = "1";
  for (const CommandResult& result : {full_result(sources), empty}) {
    Problems problems;
    sarif_schema()(parsed(write_sarif(result)), "$", problems);
    EXPECT_THAT(problems, IsEmpty());
  }
}

TEST(SarifOutput, is_refused_by_the_schema_where_a_property_is_foreign_or_missing) {
  Problems problems;
  sarif_schema()(parsed(R"({"version":"2.0.0","runs":[{"results":[{"text":"x"}]}]})"), "$",
                 problems);
  EXPECT_EQ(problems.size(), 7U);
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
