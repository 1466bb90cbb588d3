#include "engine/child_output.h"

#include "base/text.h"

namespace gatehouse {

namespace {

constexpr std::size_t kOutputBytesMax = std::size_t{8} << 20;

std::vector<std::string> printable_lines(std::string_view text) {
  std::vector<std::string> lines;
  for (const std::string_view line : lines_of(text)) lines.push_back(printable(line));
  return lines;
}

}  // namespace

// Whoever writes more than we read says nothing that a person would follow: it stays in the file.
std::string_view ChildOutput::unread(std::string& text) {
  const auto info = files_.info(path_);
  if (!info || info->size <= offset_) return {};
  auto read = files_.read(path_, kOutputBytesMax);
  if (!read || read->size() <= offset_) return {};
  text = std::move(*read);
  return std::string_view(text).substr(offset_);
}

std::vector<std::string> ChildOutput::next_lines() {
  std::string text;
  std::string_view fresh = unread(text);
  const std::size_t end = fresh.rfind('\n');
  if (end == std::string_view::npos) return {};
  fresh = fresh.substr(0, end + 1);
  offset_ += fresh.size();
  return printable_lines(fresh);
}

std::vector<std::string> ChildOutput::last_lines() {
  std::string text;
  const std::string_view fresh = unread(text);
  offset_ += fresh.size();
  return printable_lines(fresh);
}

}  // namespace gatehouse
