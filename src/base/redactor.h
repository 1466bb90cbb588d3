// Blanks known secrets in text that others will read. It goes by the values, not by the names of
// options, so it also finds a value that a tool repeats in an error of its own.
#pragma once

#include <bitset>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/secret.h"

namespace gatehouse {

class Redactor {
 public:
  Redactor() = default;
  Redactor(const Redactor&) = delete;
  Redactor& operator=(const Redactor&) = delete;

  /// The value, and each of its lines, in plain, base64, hexadecimal and URL form, and as JSON and
  /// markup write it; of a text that is given in base64, as Octavia's PEM, also that text. What is
  /// shorter than eight bytes is left out: it would blank ordinary words.
  void add(std::string_view value);
  bool empty() const { return values_.empty(); }
  /// Every occurrence becomes "(redacted)"; of values that overlap, the one that begins first, and
  /// of those the longest.
  std::string redacted(std::string_view text) const;

 private:
  static constexpr std::size_t kMarks = std::size_t{1} << 15;

  void add_lines(std::string_view text);
  void add_forms(std::string_view piece);
  void add_one(std::string_view form);
  const Secret* value_at(std::string_view text) const;

  std::vector<Secret> values_;
  /// By a hash of the first eight bytes: which values begin so, the longest first. The marks say at
  /// once that none does.
  std::unordered_map<std::uint64_t, std::vector<std::size_t>> by_head_;
  std::bitset<kMarks> marks_;
};

}  // namespace gatehouse
