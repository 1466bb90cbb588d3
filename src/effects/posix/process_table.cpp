#include "effects/posix/process_table.h"

#include <charconv>
#include <string>

#include <fcntl.h>
#include <fmt/format.h>

#include "base/text.h"
#include "effects/posix/descriptor.h"

namespace gatehouse::posix {
namespace {

constexpr std::size_t kStatBytesMax = 4096;
// Counted from the state, which is field 3.
constexpr std::size_t kParent = 1;
constexpr std::size_t kStartTicks = 19;

template <class Number>
bool read_number(const std::string& text, Number& number) {
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failure == std::errc() && end == text.data() + text.size();
}

}  // namespace

std::optional<ProcessEntry> parse_process_entry(std::string_view text) {
  // The program's name stands in parentheses and may itself hold blanks and parentheses.
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string_view::npos) return std::nullopt;
  const std::vector<std::string> fields = split(trim(text.substr(name_end + 1)), ' ');
  ProcessEntry entry;
  if (fields.size() <= kStartTicks || fields[0].size() != 1 ||
      !read_number(fields[kParent], entry.parent) ||
      !read_number(fields[kStartTicks], entry.start_ticks)) {
    return std::nullopt;
  }
  entry.state = fields[0][0];
  return entry;
}

std::optional<ProcessEntry> process_entry(int pid) {
  const Descriptor file(::open(fmt::format("/proc/{}/stat", pid).c_str(), O_RDONLY | O_CLOEXEC));
  std::string text;
  if (!file.is_open() || !read_all(file.number(), 0, kStatBytesMax, text)) return std::nullopt;
  return parse_process_entry(text);
}

}  // namespace gatehouse::posix
