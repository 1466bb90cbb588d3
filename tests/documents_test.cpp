// The documents name what the program has: every gate, every key and every code of the site file.
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "gates/gate.h"

namespace gatehouse {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::ifstream file(fs::path(GATEHOUSE_SOURCE_DIR) / path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string site_reader_text() {
  std::string text;
  const fs::path folder = fs::path(GATEHOUSE_SOURCE_DIR) / "src/input/site";
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(".cpp") && !name.ends_with("_test.cpp")) text += read(entry.path());
  }
  return text;
}

// The literal that stands first after each `call(`, blanks and one argument `field` skipped.
std::set<std::string> first_literals(const std::string& text, const std::string& call) {
  std::set<std::string> literals;
  for (std::size_t at = text.find(call); at != std::string::npos; at = text.find(call, at + 1)) {
    std::size_t from = at + call.size();
    while (std::isspace(static_cast<unsigned char>(text[from])) != 0) ++from;
    if (text[from] != '"') continue;
    literals.insert(text.substr(from + 1, text.find('"', from + 1) - from - 1));
  }
  return literals;
}

void expect_all_in(const std::set<std::string>& words, const std::string& page,
                   const std::string& before, const std::string& after) {
  for (const std::string& word : words) {
    EXPECT_NE(page.find(before + word + after), std::string::npos) << word << " is not documented";
  }
}

TEST(RunbookMap, names_every_gate) {
  const std::string page = read("docs/runbook-map.md");
  ASSERT_GT(all_gates().size(), 15U);
  for (const Gate* gate : all_gates()) {
    EXPECT_NE(page.find("`" + std::string(gate->id) + "`"), std::string::npos) << gate->id;
  }
}

TEST(SiteFileFormat, documents_every_key_that_is_read) {
  const std::string text = site_reader_text();
  std::set<std::string> keys = first_literals(text, "take(");
  keys.merge(first_literals(text, "need("));
  EXPECT_GT(keys.size(), 50U);
  expect_all_in(keys, read("docs/formats/site.md"), "`", "`");
}

TEST(SiteFileFormat, documents_every_code) {
  const std::string text = site_reader_text();
  std::set<std::string> codes = first_literals(text, "complain(");
  codes.merge(first_literals(text, "error("));
  codes.merge(first_literals(text, "read_parsed(field, "));
  EXPECT_GT(codes.size(), 20U);
  const std::string page = read("docs/formats/site.md");
  expect_all_in(codes, page.substr(page.find("## Codes")), "", "`");
}

TEST(Decisions, are_numbered_without_a_gap) {
  std::set<std::string> numbers;
  for (const auto& entry : fs::directory_iterator(fs::path(GATEHOUSE_SOURCE_DIR) / "docs/adr")) {
    const std::string number = entry.path().filename().string().substr(0, 4);
    EXPECT_TRUE(numbers.insert(number).second) << number << " is there twice";
  }
  ASSERT_GE(numbers.size(), 10U);
  EXPECT_EQ(std::stoul(*numbers.begin()), 1U);
  EXPECT_EQ(std::stoul(*numbers.rbegin()), numbers.size());
}

}  // namespace
}  // namespace gatehouse
