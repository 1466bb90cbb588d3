// Holds the tree of src/ to what STYLE.md and ARCHITECTURE.md say and no formatter can check: which
// folder includes which, how long a file may be, ASCII only, and who may touch the outside world.
#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"

namespace gatehouse {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::size_t kHeaderLinesMax = 200;
constexpr std::size_t kSourceLinesMax = 500;

struct Layer {
  int level = 0;
  std::set<std::string> allowed;

  bool operator==(const Layer&) const = default;
};

using Layers = std::map<std::string, Layer>;

fs::path project() {
  return GATEHOUSE_SOURCE_DIR;
}

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

// "everything" stands for all folders on lower levels.
void expand(Layers& layers) {
  for (auto& [name, layer] : layers) {
    if (layer.allowed.erase("everything") == 0) continue;
    for (const auto& [other, lower] : layers) {
      if (lower.level < layer.level) layer.allowed.insert(other);
    }
  }
}

Layers layers_of_file(const std::string& text) {
  Layers layers;
  for (const std::string_view line : lines_of(text)) {
    if (line.empty() || line.front() == '#') continue;
    std::vector<std::string> words = words_of(line);
    EXPECT_GE(words.size(), 2U) << line;
    EXPECT_EQ(words[1].back(), ':') << line;
    words[1].pop_back();
    layers[words[1]] = {std::stoi(words[0]), {words.begin() + 2, words.end()}};
  }
  expand(layers);
  return layers;
}

std::string without_parentheses(std::string_view text) {
  std::string result;
  int depth = 0;
  for (const char c : text) {
    if (c == '(') ++depth;
    if (depth == 0) result += c;
    if (c == ')') --depth;
  }
  return result;
}

// Rows such as "| 3 | plan | input, diag, base | contact anything |".
Layers layers_of_page(const std::string& page) {
  Layers layers;
  for (const std::string_view line : lines_of(page)) {
    const std::vector<std::string> cells = split(line, '|');
    if (cells.size() != 6) continue;
    const std::string level(trim(cells[1]));
    if (level.size() != 1 || std::isdigit(static_cast<unsigned char>(level[0])) == 0) continue;
    Layer layer{std::stoi(level), {}};
    for (const std::string& part : split(without_parentheses(cells[3]), ',')) {
      const std::string name(trim(part));
      if (name != "standard library") layer.allowed.insert(name);
    }
    layers[std::string(trim(cells[2]))] = std::move(layer);
  }
  expand(layers);
  return layers;
}

std::vector<fs::path> files_of_source() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(project() / "src")) {
    const std::string extension = entry.path().extension().string();
    if (extension == ".h" || extension == ".cpp") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string name_of(const fs::path& file) {
  return fs::relative(file, project() / "src").generic_string();
}

// "gates" of `#include "gates/gate.h"`; "" for a line that includes nothing of ours.
std::string included_folder(std::string_view line) {
  constexpr std::string_view kStart = "#include \"";
  if (!line.starts_with(kStart)) return "";
  const std::string_view path = line.substr(kStart.size());
  const std::size_t slash = path.find('/');
  return slash == std::string_view::npos ? "" : std::string(path.substr(0, slash));
}

// The text with comments and the insides of literals blanked, line ends kept.
std::string code_only(std::string_view text) {
  std::string code(text);
  const auto blank = [&code](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < std::min(to, code.size()); ++i) {
      if (code[i] != '\n') code[i] = ' ';
    }
  };
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::size_t end = at;
    if (text.substr(at, 2) == "//") {
      end = text.find('\n', at);
    } else if (text.substr(at, 2) == "/*") {
      end = text.find("*/", at) + 1;
    } else if (text.substr(at, 2) == "R\"") {
      const std::size_t open = text.find('(', at);
      const std::string close = ")" + std::string(text.substr(at + 2, open - at - 2)) + "\"";
      end = text.find(close, at) + close.size() - 1;
    } else if (text[at] == '"' ||
               (text[at] == '\'' &&
                (at == 0 || std::isalnum(static_cast<unsigned char>(text[at - 1])) == 0))) {
      end = at + 1;
      while (end < text.size() && text[end] != text[at]) end += text[end] == '\\' ? 2 : 1;
    } else {
      continue;
    }
    end = std::min(end, text.size());
    blank(at, end);
    at = end;
  }
  return code;
}

bool has_call(std::string_view code, std::string_view call) {
  for (std::size_t at = code.find(call); at != std::string_view::npos;
       at = code.find(call, at + 1)) {
    const char before = at == 0 ? ' ' : code[at - 1];
    const bool is_part_of_name =
        std::isalnum(static_cast<unsigned char>(before)) != 0 || before == '_' || before == '.';
    if (!is_part_of_name) return true;
  }
  return false;
}

// Whatever reaches past the process without an effect interface cannot be simulated or replayed.
constexpr std::string_view kBanned[] = {"cout",
                                        "cerr",
                                        "printf(",
                                        "fprintf(",
                                        "puts(",
                                        "getenv(",
                                        "setenv(",
                                        "system(",
                                        "popen(",
                                        "system_clock::now",
                                        "steady_clock::now",
                                        "rand(",
                                        "random_device",
                                        "fopen(",
                                        "ifstream",
                                        "ofstream",
                                        "sleep_for",
                                        "sleep("};

struct Exception {
  std::string_view where;  ///< a file or folder of src/
  std::string_view reason;
};

constexpr Exception kExceptions[] = {
    {"effects/posix/", "the real effects: this is where the outside is touched"},
    {"cli/main.cpp", "the program's own streams and environment enter here, once"},
    {"lab/", "the programs of the lab are the outside that the product meets"},
};

std::set<std::string> headers_included_by(const std::string& text) {
  std::set<std::string> headers;
  for (const std::string_view line : lines_of(text)) {
    if (!included_folder(line).empty()) headers.insert(split(line, '"').at(1));
  }
  return headers;
}

// Headers that only tests reach: fixtures and helpers that lie beside the code.
std::set<std::string> support_of_tests() {
  std::map<std::string, std::set<std::string>> includes;
  std::vector<std::string> reached;
  std::set<std::string> used, code;
  for (const fs::path& file : files_of_source()) {
    const std::string name = name_of(file);
    includes[name] = headers_included_by(read(file));
    used.insert(includes[name].begin(), includes[name].end());
    if (file.extension() == ".cpp" && !name.ends_with("_test.cpp")) reached.push_back(name);
  }
  while (!reached.empty()) {
    const std::string name = reached.back();
    reached.pop_back();
    for (const std::string& header : includes[name]) {
      if (code.insert(header).second) reached.push_back(header);
    }
  }
  std::set<std::string> support;
  std::set_difference(used.begin(), used.end(), code.begin(), code.end(),
                      std::inserter(support, support.end()));
  return support;
}

bool is_test(const std::string& name) {
  static const std::set<std::string> support = support_of_tests();
  return name.ends_with("_test.cpp") || support.contains(name);
}

// Tests may look at the real clock and read fixtures.
bool is_excepted(const std::string& name) {
  return is_test(name) ||
         std::any_of(std::begin(kExceptions), std::end(kExceptions),
                     [&](const Exception& e) { return name.starts_with(e.where); });
}

TEST(Layers, are_the_same_in_the_architecture_page_and_in_the_machine_readable_table) {
  const Layers page = layers_of_page(read(project() / "ARCHITECTURE.md"));
  const Layers file = layers_of_file(read(project() / "tools/layers.txt"));
  ASSERT_GT(file.size(), 10U);
  for (const auto& [name, layer] : file) {
    ASSERT_TRUE(page.contains(name)) << name << " is missing in ARCHITECTURE.md";
    EXPECT_EQ(page.at(name).level, layer.level) << name;
    EXPECT_THAT(page.at(name).allowed, testing::ContainerEq(layer.allowed)) << name;
  }
  EXPECT_EQ(page.size(), file.size());
}

TEST(Layers, point_downward_only) {
  const Layers layers = layers_of_file(read(project() / "tools/layers.txt"));
  for (const auto& [name, layer] : layers) {
    for (const std::string& allowed : layer.allowed) {
      ASSERT_TRUE(layers.contains(allowed)) << name << " may include the unknown " << allowed;
      EXPECT_LT(layers.at(allowed).level, layer.level) << name << " -> " << allowed;
    }
  }
}

TEST(Layers, name_every_folder_of_the_source) {
  const Layers layers = layers_of_file(read(project() / "tools/layers.txt"));
  for (const auto& entry : fs::directory_iterator(project() / "src")) {
    EXPECT_TRUE(layers.contains(entry.path().filename().string())) << entry.path();
  }
}

TEST(Includes, go_only_where_the_layers_allow) {
  const Layers layers = layers_of_file(read(project() / "tools/layers.txt"));
  std::vector<std::string> wrong;
  std::size_t includes = 0;
  for (const fs::path& file : files_of_source()) {
    const std::string name = name_of(file);
    const std::string folder = name.substr(0, name.find('/'));
    const std::string text = read(file);
    for (const std::string_view line : lines_of(text)) {
      const std::string other = included_folder(line);
      if (other.empty() || other == folder) continue;
      ++includes;
      if (layers.contains(folder) && layers.at(folder).allowed.contains(other)) continue;
      wrong.push_back(name + " includes " + other);
    }
  }
  EXPECT_THAT(wrong, IsEmpty());
  EXPECT_GT(includes, 100U);
}

TEST(SourceFiles, are_short_enough_to_have_one_subject) {
  std::vector<std::string> wrong;
  for (const fs::path& file : files_of_source()) {
    const std::string text = read(file);
    const std::size_t count = lines_of(text).size();
    const std::string name = name_of(file);
    const bool is_header = file.extension() == ".h" && !is_test(name);
    const std::size_t most = is_header ? kHeaderLinesMax : kSourceLinesMax;
    if (count >= most) wrong.push_back(name + ": " + std::to_string(count) + " lines");
  }
  EXPECT_THAT(wrong, IsEmpty());
}

TEST(SourceFiles, are_ascii) {
  std::vector<std::string> wrong;
  for (const fs::path& file : files_of_source()) {
    const std::string text = read(file);
    std::size_t number = 0;
    for (const std::string_view line : lines_of(text)) {
      ++number;
      const bool is_ascii = std::all_of(
          line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
      if (!is_ascii) wrong.push_back(name_of(file) + ":" + std::to_string(number));
    }
  }
  EXPECT_THAT(wrong, IsEmpty());
}

TEST(SourceFiles, reach_the_outside_only_through_effects) {
  std::vector<std::string> wrong;
  for (const fs::path& file : files_of_source()) {
    const std::string name = name_of(file);
    if (is_excepted(name)) continue;
    const std::string code = code_only(read(file));
    for (const std::string_view call : kBanned) {
      if (has_call(code, call)) wrong.push_back(name + " uses " + std::string(call));
    }
  }
  EXPECT_THAT(wrong, IsEmpty());
}

TEST(TheScan, sees_calls_and_neither_comments_nor_text) {
  EXPECT_TRUE(has_call(code_only("int x = system(\"ls\");"), "system("));
  EXPECT_TRUE(has_call(code_only("std::printf(\"x\");"), "printf("));
  EXPECT_TRUE(has_call(code_only("'\"'; std::cout << 1;"), "cout"));
  EXPECT_TRUE(has_call(code_only("R\"(a\")\"; rand();"), "rand("));
  EXPECT_FALSE(has_call(code_only("// system(\"ls\")\n"), "system("));
  EXPECT_FALSE(has_call(code_only("/* rand() */ x"), "rand("));
  EXPECT_TRUE(has_call(code_only("/* x *//* y */ rand();"), "rand("));
  EXPECT_FALSE(has_call(code_only("text = \"rand()\";"), "rand("));
  EXPECT_FALSE(has_call(code_only("R\"(rand())\"; x"), "rand("));
  EXPECT_FALSE(has_call(code_only("snprintf(x);"), "printf("));
  EXPECT_FALSE(has_call(code_only("1'000; strand(x); file_system(y)"), "rand("));
}

TEST(TheScan, reads_rows_of_the_layer_table) {
  const Layers layers = layers_of_page(
      "| 0 | base | standard library | do I/O |\n| 1 | diag | base (types) | print |\n"
      "| word | folder | x | y |\n| 7 | cli | everything | z |\n");
  ASSERT_EQ(layers.size(), 3U);
  EXPECT_THAT(layers.at("base").allowed, IsEmpty());
  EXPECT_THAT(layers.at("diag").allowed, ElementsAre("base"));
  EXPECT_THAT(layers.at("cli").allowed, ElementsAre("base", "diag"));
}

TEST(TheScan, finds_the_folder_of_an_include) {
  EXPECT_EQ(included_folder("#include \"gates/gate.h\""), "gates");
  EXPECT_EQ(included_folder("#include <gates/gate.h>"), "");
  EXPECT_EQ(included_folder("#include \"gate.h\""), "");
}

}  // namespace
}  // namespace gatehouse
