#include "diag/source.h"

#include <fmt/format.h>

namespace gatehouse {

Source::Source(std::string path, std::string text, Sensitivity sensitivity)
    : path_(std::move(path)), text_(std::move(text)), sensitivity_(sensitivity) {
  starts_.push_back(0);
  for (std::size_t at = 0; at < text_.size(); ++at) {
    if (text_[at] == '\n') starts_.push_back(at + 1);
  }
}

std::string_view Source::line(std::uint32_t number) const {
  if (number == 0 || number > starts_.size()) return {};
  const std::size_t start = starts_[number - 1];
  std::size_t end = number < starts_.size() ? starts_[number] - 1 : text_.size();
  if (end > start && text_[end - 1] == '\r') --end;
  return std::string_view(text_).substr(start, end - start);
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
