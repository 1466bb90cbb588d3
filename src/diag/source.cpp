#include "diag/source.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/secret.h"

namespace gatehouse {

namespace {

// The bytes of the line break that begins there, or 0. As YAML 1.1 counts lines: also by a lone
// carriage return and by U+0085, U+2028 and U+2029.
std::size_t break_length(std::string_view text, std::size_t at) {
  switch (text[at]) {
    case '\n':
      return 1;
    case '\r':
      return at + 1 < text.size() && text[at + 1] == '\n' ? 2 : 1;
    case '\xc2':
      return text.substr(at, 2) == "\xc2\x85" ? 2 : 0;
    case '\xe2': {
      const std::string_view three = text.substr(at, 3);
      return three == "\xe2\x80\xa8" || three == "\xe2\x80\xa9" ? 3 : 0;
    }
    default:
      return 0;
  }
}

}  // namespace

Source::Source(std::string path, std::string text, Sensitivity sensitivity)
    : path_(std::move(path)), text_(std::move(text)), sensitivity_(sensitivity) {
  starts_.push_back(0);
  const std::string_view all = text_;
  const auto lacks = [&](char c) { return all.find(c) == std::string_view::npos; };
  const bool has_line_feeds_only = lacks('\r') && lacks('\xc2') && lacks('\xe2');
  for (std::size_t at = 0; at < all.size();) {
    if (has_line_feeds_only) {
      at = all.find('\n', at);
      if (at == std::string_view::npos) break;
    }
    const std::size_t length = break_length(all, at);
    at += length == 0 ? 1 : length;
    if (length != 0) starts_.push_back(at);
  }
}

Source::~Source() {
  if (is_secret()) wipe(text_);
}

std::string_view Source::line(std::uint32_t number) const {
  if (number == 0 || number > starts_.size()) return {};
  const std::string_view rest = std::string_view(text_).substr(starts_[number - 1]);
  if (number == starts_.size()) return rest;
  const std::size_t length = starts_[number] - starts_[number - 1];
  std::size_t end = length - std::min<std::size_t>(length, 3);
  while (end + break_length(rest, end) != length) ++end;
  return rest.substr(0, end);
}

std::string to_string(const Span& span) {
  if (!span.source) return {};
  if (span.begin.line == 0) return span.source->path();
  return fmt::format("{}:{}:{}", span.source->path(), span.begin.line, span.begin.column);
}

const Source& SourceMap::add(std::string path, std::string text, Sensitivity sensitivity) {
  return sources_.emplace_back(std::move(path), std::move(text), sensitivity);
}

}  // namespace gatehouse
