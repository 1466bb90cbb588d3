// Every page has the shape that its readers rely on, and every code that the sources can emit has a
// page, and the other way round.
#include "output/finding_pages.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"

namespace gatehouse {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;

fs::path source_of(std::string_view folder) {
  return fs::path(GATEHOUSE_SOURCE_DIR) / "src" / folder;
}

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

// All code of a folder, without its tests and without lines that are comments.
std::string code_of_folder(std::string_view folder) {
  std::string code;
  for (const auto& entry : fs::recursive_directory_iterator(source_of(folder))) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with(".cpp") || name.ends_with("_test.cpp")) continue;
    const std::string text = read(entry.path());
    for (const std::string_view line : lines_of(text)) {
      if (!trim(line).starts_with("//")) code += std::string(line) + "\n";
    }
  }
  return code;
}

// The literals between a call's opening parenthesis and the first comma or closing parenthesis, so
// that a choice of two codes gives both.
std::set<std::string> codes_given_to(const std::string& code, const std::string& calls) {
  const std::regex call("\\b(?:" + calls + ")\\(\\s*(?:field, )?([^,()]*)[,)]");
  const std::regex literal("\"([a-z][a-z0-9-]*)\"");
  std::set<std::string> codes;
  for (std::sregex_iterator found(code.begin(), code.end(), call), none; found != none; ++found) {
    const std::string argument = (*found)[1];
    std::sregex_iterator word(argument.begin(), argument.end(), literal);
    for (; word != none; ++word) codes.insert((*word)[1]);
  }
  return codes;
}

void add_with_area(const std::string& area, const std::set<std::string>& names,
                   std::set<std::string>& paths) {
  for (const std::string& name : names) paths.insert(area + "/" + name);
}

// Codes that stand whole in the code: "bundle/syntax". The area must be one that has pages, or any
// path of a file would look like one.
void add_whole_codes(const std::string& code, std::set<std::string>& paths) {
  const std::regex whole("\"((?:bundle|charm|dns|juju|lint|maas|site)/[a-z][a-z0-9-]*)\"");
  for (std::sregex_iterator found(code.begin(), code.end(), whole), none; found != none; ++found) {
    paths.insert((*found)[1]);
  }
}

// Each folder gives codes in its own way: whole, or a name to a function that puts the area first.
std::set<std::string> paths_in_sources() {
  std::set<std::string> paths;
  for (const char* folder : {"input", "gates", "lint", "cli", "plan", "engine", "phases"}) {
    add_whole_codes(code_of_folder(folder), paths);
  }
  add_with_area("bundle", codes_given_to(code_of_folder("input/bundle"), "add|add_at"), paths);
  const std::string site = code_of_folder("input/site");
  add_with_area("site", codes_given_to(site, "complain|error|read_parsed"), paths);
  const std::string pki = code_of_folder("pki");
  add_with_area("pki", codes_given_to(pki, "error|warning|note|strict_error|report_time"), paths);
  paths.insert("pki/not-readable");  // set on a finding without a place
  // Two calls of input/bundle whose first literal is no code: a section's name, and a field that is
  // the code by itself.
  paths.erase("bundle/machines");
  paths.insert({"bundle/scale", "bundle/storage", "bundle/device"});
  return paths;
}

std::set<std::string> paths_of_pages() {
  std::set<std::string> paths;
  for (const FindingPage& page : finding_pages()) paths.emplace(page.path);
  return paths;
}

TEST(FindingPages, exist_for_every_code_that_the_sources_emit) {
  std::vector<std::string> missing;
  const std::set<std::string> codes = paths_in_sources(), pages = paths_of_pages();
  ASSERT_GT(codes.size(), 120U);
  std::set_difference(codes.begin(), codes.end(), pages.begin(), pages.end(),
                      std::back_inserter(missing));
  EXPECT_THAT(missing, IsEmpty());
}

TEST(FindingPages, are_about_codes_that_the_sources_emit) {
  std::vector<std::string> orphans;
  const std::set<std::string> codes = paths_in_sources(), pages = paths_of_pages();
  std::set_difference(pages.begin(), pages.end(), codes.begin(), codes.end(),
                      std::back_inserter(orphans));
  EXPECT_THAT(orphans, IsEmpty());
}

TEST(FindingPages, have_a_title_a_sentence_a_severity_and_what_to_do) {
  const std::regex severity("\nSeverity: (error|warning|note)");
  for (const FindingPage& page : finding_pages()) {
    const std::string text(page.text);
    EXPECT_TRUE(text.starts_with("# " + std::string(code_of(page)) + "\n\n")) << page.path;
    EXPECT_TRUE(summary_of(page).ends_with('.')) << page.path;
    EXPECT_TRUE(std::regex_search(text, severity)) << page.path;
    EXPECT_NE(text.find("\n## What to do\n"), std::string::npos) << page.path;
    EXPECT_EQ(printable(replace_all(text, "\n", "")), replace_all(text, "\n", "")) << page.path;
  }
}

TEST(FindingPages, are_sorted_by_path) {
  const auto pages = finding_pages();
  EXPECT_TRUE(std::is_sorted(pages.begin(), pages.end(),
                             [](const auto& a, const auto& b) { return a.path < b.path; }));
}

TEST(FindingPages, are_found_by_code_by_path_and_by_a_name_that_only_one_area_has) {
  EXPECT_EQ(find_finding_page("bundle/units")->path, "bundle/units");
  EXPECT_EQ(find_finding_page("expired")->path, "pki/expired");
  EXPECT_EQ(find_finding_page("pki/expired")->path, "pki/expired");
  EXPECT_EQ(find_finding_page("planes-overlap")->path, "site/planes-overlap");
  EXPECT_EQ(find_finding_page("empty"), nullptr);  // of bundle and of site
  EXPECT_EQ(find_finding_page("duplicate-key")->path, "pki/duplicate-key");
  EXPECT_EQ(find_finding_page(""), nullptr);
}

TEST(FindingPages, suggest_the_nearest_code) {
  EXPECT_EQ(nearest_finding_code("bundle/duplicat-key"), "bundle/duplicate-key");
  EXPECT_EQ(nearest_finding_code("expird"), "expired");
  EXPECT_EQ(nearest_finding_code("planes-overlp"), "site/planes-overlap");
  EXPECT_EQ(nearest_finding_code("qqqqqqqqqqqqqqqqqqqq"), std::nullopt);
}

TEST(FindingPages, have_their_first_paragraph_as_one_line) {
  const FindingPage page{"a/b", "# a/b\n\nOne\ntwo.\n\nThree.\n"};
  EXPECT_EQ(summary_of(page), "One two.");
  EXPECT_EQ(code_of(page), "a/b");
}

}  // namespace
}  // namespace gatehouse
