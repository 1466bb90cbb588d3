#include "lint/places.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include <fmt/format.h>

#include "base/text.h"

namespace gatehouse::lint_places {

namespace {

// Each place is found by going along its line. A line of a megabyte with a finding at every word
// would cost the square of that, and nobody reads it: there the value itself is the place.
constexpr std::size_t kLineBytesMax = 4096;

bool is_continuation(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

// Columns count code points from 1.
std::size_t byte_of(std::string_view line, std::uint32_t column) {
  std::size_t byte = 0;
  for (std::uint32_t at = 1; at < column && byte < line.size(); ++at) {
    ++byte;
    while (byte < line.size() && is_continuation(line[byte])) ++byte;
  }
  return byte;
}

std::uint32_t column_of(std::string_view line, std::size_t byte) {
  const std::string_view before = line.substr(0, byte);
  const auto points =
      std::count_if(before.begin(), before.end(), [](char c) { return !is_continuation(c); });
  return static_cast<std::uint32_t>(points) + 1;
}

Span on_line(const Source& source, std::uint32_t line, std::size_t begin, std::size_t end) {
  const std::string_view text = source.line(line);
  return {&source, {line, column_of(text, begin)}, {line, column_of(text, end)}};
}

// Blanks, and an anchor or a tag, between the colon and the value.
std::string_view without_properties(std::string_view before) {
  before = trim(before);
  const std::size_t blank = before.find_last_of(" \t");
  const std::size_t word = blank == std::string_view::npos ? 0 : blank + 1;
  const bool is_property = word < before.size() && (before[word] == '&' || before[word] == '!');
  return is_property ? trim(before.substr(0, word)) : before;
}

// The text in front of the value, if it ends with `key:`.
std::optional<Span> key_at_end(const Source& source, std::uint32_t line, std::string_view before,
                               std::string_view key) {
  std::string_view text = without_properties(before);
  if (!text.ends_with(':')) return std::nullopt;
  text = trim(text.substr(0, text.size() - 1));
  const std::array<std::string, 3> writings{fmt::format("\"{}\"", key), fmt::format("'{}'", key),
                                            std::string(key)};
  for (const std::string& writing : writings) {
    if (writing.empty() || !text.ends_with(writing)) continue;
    const std::size_t end =
        static_cast<std::size_t>(text.data() - source.line(line).data()) + text.size();
    return on_line(source, line, end - writing.size(), end);
  }
  return std::nullopt;
}

}  // namespace

Span key_of(std::string_view key, const Span& value) {
  if (!value.source) return value;
  const std::uint32_t line = value.begin.line;
  const std::string_view text = value.source->line(line);
  if (text.size() > kLineBytesMax) return value;
  const std::string_view before = text.substr(0, byte_of(text, value.begin.column));
  if (const auto found = key_at_end(*value.source, line, before, key)) return *found;
  const bool begins_line = trim(before).empty();
  if (begins_line && line > 1) {
    const std::string_view above = value.source->line(line - 1);
    if (above.size() > kLineBytesMax) return value;
    if (const auto found = key_at_end(*value.source, line - 1, above, key)) return *found;
  }
  return value;
}

std::string_view written_at(const Span& span) {
  if (!span.source) return {};
  const std::string_view line = span.source->line(span.begin.line);
  if (line.size() > kLineBytesMax) return {};
  const std::size_t begin = byte_of(line, span.begin.column);
  const bool ends_here = span.end.line == span.begin.line;
  return line.substr(begin, (ends_here ? byte_of(line, span.end.column) : line.size()) - begin);
}

Span end_of(const BundleRelation& relation, const std::string& end) {
  const Span& span = relation.span;
  if (!span.source || end.empty()) return span;
  const std::uint32_t last = std::min(span.end.line, span.begin.line + 3);
  for (std::uint32_t line = span.begin.line; line <= last; ++line) {
    const std::string_view text = span.source->line(line);
    if (text.size() > kLineBytesMax) return span;
    std::size_t at = line == span.begin.line ? byte_of(text, span.begin.column) : 0;
    for (at = text.find(end, at); at != std::string_view::npos; at = text.find(end, at + 1)) {
      // "keystone:ha" is no place of "stone:ha" or "keystone".
      const std::string_view kLimits = " \t,[]'\"{}";
      const std::size_t after = at + end.size();
      const bool starts = at == 0 || kLimits.find(text[at - 1]) != std::string_view::npos;
      const bool stops =
          after >= text.size() || kLimits.find(text[after]) != std::string_view::npos;
      if (starts && stops) return on_line(*span.source, line, at, after);
    }
  }
  return span;
}

Span field_of(const BundleApplication& application, const std::string& field) {
  const auto place = application.places.find(field);
  return place == application.places.end() ? application.span : place->second;
}

bool is_secret(const Span& span) {
  return span.source && span.source->is_secret();
}

}  // namespace gatehouse::lint_places
