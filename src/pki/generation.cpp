#include "pki/generation.h"

#include <charconv>

#include <fmt/format.h>

namespace gatehouse::pki {

namespace {

constexpr std::string_view kMark = " G";
constexpr std::size_t kDigitsMax = 4;

// Where the suffix begins; npos where there is none.
std::size_t suffix_at(const std::string& name) {
  const std::size_t at = name.rfind(kMark);
  if (at == std::string::npos) return at;
  const std::string digits = name.substr(at + kMark.size());
  const bool is_number = !digits.empty() && digits.size() <= kDigitsMax && digits[0] != '0' &&
                         digits.find_first_not_of("0123456789") == std::string::npos;
  return is_number ? at : std::string::npos;
}

}  // namespace

int generation_of(const std::string& common_name) {
  const std::size_t at = suffix_at(common_name);
  if (at == std::string::npos) return 1;
  int generation = 1;
  const char* const first = common_name.data() + at + kMark.size();
  std::from_chars(first, common_name.data() + common_name.size(), generation);
  return generation;
}

std::string next_generation(const std::string& common_name) {
  const std::string stem = common_name.substr(0, suffix_at(common_name));
  return fmt::format("{}{}{}", stem, kMark, generation_of(common_name) + 1);
}

}  // namespace gatehouse::pki
