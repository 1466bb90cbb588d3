#include "report/markup.h"

#include <fmt/format.h>

#include "base/text.h"

namespace gatehouse {

namespace {

// U+202A to U+202E and U+2066 to U+2069, in UTF-8 (Unicode 15, "Explicit directional formatting").
bool turns_direction(std::string_view text, std::size_t at) {
  if (text.size() - at < 3 || text[at] != '\xe2') return false;
  const char second = text[at + 1];
  const char third = text[at + 2];
  return (second == '\x80' && third >= '\xaa' && third <= '\xae') ||
         (second == '\x81' && third >= '\xa6' && third <= '\xa9');
}

std::string harmless(std::string_view line) {
  const std::string safe = printable(line);
  std::string text;
  for (std::size_t at = 0; at < safe.size(); ++at) {
    if (!turns_direction(safe, at)) {
      text += safe[at];
      continue;
    }
    for (std::size_t i = 0; i < 3; ++i) {
      text += fmt::format("\\x{:02x}", static_cast<unsigned char>(safe[at + i]));
    }
    at += 2;
  }
  return text;
}

}  // namespace

std::string printable_lines(std::string_view text) {
  std::string safe;
  for (const std::string_view line : lines_of(text)) safe += harmless(line) + "\n";
  return safe;
}

std::string html_text(std::string_view text) {
  std::string safe;
  for (const char c : harmless(text)) {
    switch (c) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      case '\'':
        safe += "&#39;";
        break;
      default:
        safe += c;
    }
  }
  return safe;
}

std::string markdown_text(std::string_view text) {
  constexpr std::string_view kMarks = "\\`*_{}[]()#+!|~$";
  std::string safe;
  for (const char c : harmless(text)) {
    if (c == '<') {
      safe += "&lt;";
    } else if (c == '&') {
      safe += "&amp;";
    } else if (c == '>') {
      safe += "&gt;";
    } else {
      if (kMarks.find(c) != kMarks.npos) safe += '\\';
      safe += c;
    }
  }
  return safe;
}

}  // namespace gatehouse
