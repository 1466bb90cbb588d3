#include "setup/site_lines.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/json.h"
#include "base/text.h"

namespace gatehouse::setup {

namespace {

constexpr std::size_t kColumnsMax = 100;

// YAML 1.1 takes these for booleans or nothing, in any capitals.
constexpr std::array<std::string_view, 11> kWords = {"y",    "n",     "yes",  "no",  "on", "off",
                                                     "true", "false", "null", "nan", "inf"};

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_bare(std::string_view text) {
  if (text.empty() || !is_letter(text.front())) return false;
  std::string lower;
  for (const char c : text) {
    const bool is_safe =
        is_letter(c) || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-' || c == '/';
    if (!is_safe) return false;
    lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return std::find(kWords.begin(), kWords.end(), lower) == kWords.end();
}

std::string indent(int depth) {
  return std::string(static_cast<std::size_t>(depth) * 2, ' ');
}

/// A comment is one line, whatever a peer calls its things.
std::string one_line(std::string_view text) {
  return printable(text);
}

}  // namespace

std::string yaml_text(std::string_view text) {
  if (is_bare(text)) return std::string(text);
  // JSON's text is YAML's in double quotes.
  return json::serialize(json::string(text));
}

std::string yaml_size(std::uint64_t bytes) {
  for (const auto& [shift, unit] :
       {std::pair(30, "GiB"), std::pair(20, "MiB"), std::pair(10, "KiB")}) {
    if (bytes != 0 && bytes % (std::uint64_t{1} << shift) == 0) {
      return fmt::format("{}{}", bytes >> shift, unit);
    }
  }
  return fmt::format("{}", bytes);
}

void SiteLines::section(std::string_view text) {
  text_ += "\n";
  comment(text);
}

void SiteLines::comment(std::string_view text, int depth) {
  text_ += indent(depth) + "# " + one_line(text) + "\n";
}

void SiteLines::add(int depth, const std::string& line, std::string_view origin) {
  const std::string start = indent(depth) + line;
  if (origin.empty()) {
    text_ += start + "\n";
    return;
  }
  const std::string told = one_line(origin);
  if (start.size() + 3 + told.size() <= kColumnsMax) {
    text_ += start + " # " + told + "\n";
    return;
  }
  comment(told, depth);
  text_ += start + "\n";
}

std::string flow_map(const std::vector<std::string>& members) {
  return "{" + join(members, ", ") + "}";
}

}  // namespace gatehouse::setup
