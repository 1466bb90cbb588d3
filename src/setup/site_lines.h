// Lines of a YAML file with a comment behind each: what a written site file is made of. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::setup {

/// A scalar as YAML 1.1 reads it back as this very text: bare where that is safe, else in double
/// quotes.
std::string yaml_text(std::string_view text);
/// "512GiB" where it is a whole number of them, else MiB, KiB or bytes.
std::string yaml_size(std::uint64_t bytes);

class SiteLines {
 public:
  /// An empty line, then a comment of its own.
  void section(std::string_view comment);
  void comment(std::string_view text, int depth = 0);
  /// "key: value # origin"; the comment stands on a line before where both pass 100 columns.
  void add(int depth, const std::string& line, std::string_view origin = {});
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

/// "{a: b, c: d}" of "a: b" and "c: d".
std::string flow_map(const std::vector<std::string>& members);

}  // namespace gatehouse::setup
