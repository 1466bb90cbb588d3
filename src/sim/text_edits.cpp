#include "sim/text_edits.h"

#include <algorithm>

namespace gatehouse::sim {
namespace {

/// Columns count code points; a byte that continues one does not begin another.
std::size_t offset_of(const Source& source, Position position) {
  const std::string_view text = source.text();
  std::size_t at = 0;
  for (std::uint32_t line = 1; line < position.line && at < text.size(); ++line) {
    const std::size_t end = text.find('\n', at);
    at = end == std::string_view::npos ? text.size() : end + 1;
  }
  for (std::uint32_t column = 1; column < position.column && at < text.size(); ++column) {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80) ++at;
  }
  return at;
}

}  // namespace

std::string with_edits(const Source& source, std::vector<TextEdit> edits) {
  std::sort(edits.begin(), edits.end(), [](const TextEdit& first, const TextEdit& second) {
    return second.begin < first.begin;
  });
  std::string text(source.text());
  for (const TextEdit& edit : edits) {
    const std::size_t begin = offset_of(source, edit.begin);
    const std::size_t end = std::max(begin, offset_of(source, edit.end));
    text.replace(begin, end - begin, edit.replacement);
  }
  return text;
}

TextEdit replace_span(const Span& span, std::string replacement) {
  return {span.begin, span.end, std::move(replacement)};
}

TextEdit insert_lines(std::uint32_t before_line, std::string lines) {
  return {{before_line, 1}, {before_line, 1}, std::move(lines)};
}

TextEdit remove_lines(std::uint32_t first, std::uint32_t last) {
  return {{first, 1}, {last + 1, 1}, ""};
}

}  // namespace gatehouse::sim
