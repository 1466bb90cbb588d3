#include "pki/der_form.h"

#include <cstddef>
#include <optional>

namespace gatehouse::pki {

namespace {

constexpr int kDepthMax = 32;
constexpr unsigned kConstructed = 0x20;
constexpr unsigned kLongTag = 0x1f;
constexpr unsigned kMore = 0x80;

/// A tag with its value, taken off the front.
struct Element {
  bool is_constructed = false;
  std::string_view value;
};

std::optional<unsigned> take_byte(std::string_view& rest) {
  if (rest.empty()) return std::nullopt;
  const auto byte = static_cast<unsigned char>(rest.front());
  rest.remove_prefix(1);
  return byte;
}

std::optional<std::size_t> take_length(std::string_view& rest) {
  const auto first = take_byte(rest);
  if (!first) return std::nullopt;
  if (*first < kMore) return *first;
  const unsigned count = *first & ~kMore;
  if (count == 0 || count > sizeof(std::size_t)) return std::nullopt;  // 0: indefinite
  std::size_t length = 0;
  for (unsigned i = 0; i < count; ++i) {
    const auto byte = take_byte(rest);
    if (!byte || (i == 0 && *byte == 0)) return std::nullopt;
    length = length << 8U | *byte;
  }
  return length < kMore ? std::nullopt : std::optional(length);
}

std::optional<Element> take_element(std::string_view& rest) {
  const auto tag = take_byte(rest);
  if (!tag) return std::nullopt;
  if ((*tag & kLongTag) == kLongTag) {
    std::optional<unsigned> byte;
    do {
      byte = take_byte(rest);
    } while (byte && (*byte & kMore) != 0);
    if (!byte) return std::nullopt;
  }
  const auto length = take_length(rest);
  if (!length || *length > rest.size()) return std::nullopt;
  const Element element{(*tag & kConstructed) != 0, rest.substr(0, *length)};
  rest.remove_prefix(*length);
  return element;
}

bool are_elements(std::string_view rest, int depth) {
  if (depth > kDepthMax) return false;
  while (!rest.empty()) {
    const auto element = take_element(rest);
    if (!element) return false;
    if (element->is_constructed && !are_elements(element->value, depth + 1)) return false;
  }
  return true;
}

}  // namespace

bool has_der_lengths(std::string_view bytes) {
  return !bytes.empty() && are_elements(bytes, 0);
}

}  // namespace gatehouse::pki
