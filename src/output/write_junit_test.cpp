#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "output/result_test_support.h"
#include "output/write.h"

namespace gatehouse {
namespace {

using testing::HasSubstr;
using testing::Not;

std::size_t count_of(const std::string& text, std::string_view what) {
  std::size_t count = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) {
    ++count;
  }
  return count;
}

// Reads tags only: each is closed in order, attributes are quoted, entities are the five of XML.
class XmlReader {
 public:
  explicit XmlReader(std::string_view text) : text_(text) {}

  bool is_well_formed() {
    while (!text_.empty()) {
      if (text_[0] == '<') {
        if (!tag()) return false;
      } else if (!character()) {
        return false;
      }
    }
    return open_.empty();
  }

 private:
  bool tag() {
    bool is_quoted = false;
    std::size_t end = 1;
    for (; end < text_.size() && (is_quoted || text_[end] != '>'); ++end) {
      if (text_[end] == '"') is_quoted = !is_quoted;
      if (text_[end] == '<') return false;
    }
    if (end == text_.size()) return false;
    const std::string_view body = text_.substr(1, end - 1);
    text_.remove_prefix(end + 1);
    if (body.starts_with('?')) return true;
    if (body.starts_with('/')) {
      if (open_.empty() || open_.back() != body.substr(1)) return false;
      open_.pop_back();
    } else if (!body.ends_with('/')) {
      open_.emplace_back(body.substr(0, body.find(' ')));
    }
    return true;
  }

  bool character() {
    if (text_[0] == '&') {
      constexpr std::string_view kEntities[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&apos;"};
      const auto known =
          std::find_if(std::begin(kEntities), std::end(kEntities),
                       [&](std::string_view entity) { return text_.starts_with(entity); });
      if (known == std::end(kEntities)) return false;
      text_.remove_prefix(known->size());
      return true;
    }
    const char c = text_[0];
    text_.remove_prefix(1);
    return c != '>' && (c == '\n' || static_cast<unsigned char>(c) >= 0x20) && c != 0x7f;
  }

  std::string_view text_;
  std::vector<std::string> open_;
};

TEST(JunitOutput, is_well_formed_whatever_the_texts_hold) {
  const ResultSources sources;
  CommandResult result = full_result(sources);
  result.findings[1].message = "]]> \xef\xbf\xbe \xef\xbf\xbf \xff <!-- & \x01";
  result.command = "a\"b<c>";
  const std::string xml = write_junit(result);
  EXPECT_TRUE(XmlReader(xml).is_well_formed()) << xml;
  EXPECT_THAT(xml, Not(HasSubstr("\xef\xbf\xbe")));
  EXPECT_THAT(xml, Not(HasSubstr("\xff")));
}

TEST(JunitOutput, has_a_case_for_each_check_and_for_each_code) {
  const ResultSources sources;
  const std::string xml = write_junit(full_result(sources));
  // Four checks, one gate without any, three codes, one accepted finding.
  EXPECT_EQ(count_of(xml, "<testcase "), 9U);
  EXPECT_THAT(xml, HasSubstr("<testsuite name=\"check\" tests=\"9\" failures=\"2\" errors=\"2\" "
                             "skipped=\"1\">"));
}

TEST(JunitOutput, tells_a_failure_from_what_could_not_be_observed) {
  const ResultSources sources;
  const std::string xml = write_junit(full_result(sources));
  EXPECT_THAT(xml, HasSubstr("<testcase classname=\"gatehouse.placement\" name=\"mysql\">\n"
                             "      <failure message=\"expected on 1, observed on 2\\x07\" "
                             "type=\"fail\">"));
  EXPECT_THAT(xml, HasSubstr("<testcase classname=\"gatehouse.model_absent\" name=\"model\">\n"
                             "      <error message=\"expected none, observed not asked\" "
                             "type=\"unknown\">"));
}

TEST(JunitOutput, fails_for_a_warning_only_where_warnings_are_refused) {
  const ResultSources sources;
  CommandResult result;
  result.findings = {
      finding_at(Severity::warning, "bundle/duplicate-key", {&sources.open, {1, 1}, {}}, "twice")};
  EXPECT_EQ(count_of(write_junit(result), "<failure"), 0U);
  EXPECT_THAT(write_junit(result), HasSubstr("./a bundle.yaml:1:1: warning: twice"));
  result.warnings = Warnings::refused;
  EXPECT_EQ(count_of(write_junit(result), "<failure"), 1U);
}

TEST(JunitOutput, has_one_case_where_there_is_nothing_to_remark) {
  EXPECT_EQ(count_of(write_junit(CommandResult{}), "<testcase "), 1U);
}

TEST(JunitOutput, does_not_show_the_text_of_a_secret_file) {
  const ResultSources sources;
  EXPECT_THAT(write_junit(full_result(sources)), Not(HasSubstr(kHiddenText)));
}

}  // namespace
}  // namespace gatehouse
