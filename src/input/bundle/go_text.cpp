#include "input/bundle/go_text.h"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"

namespace gatehouse::bundle {

namespace {

struct Rune {
  std::uint32_t value = 0;
  std::size_t length = 1;
  bool is_valid = false;
};

Rune rune_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const unsigned char first = byte(0);
  const std::size_t length = first < 0x80           ? 1
                             : (first >> 5) == 0x06 ? 2
                             : (first >> 4) == 0x0e ? 3
                             : (first >> 3) == 0x1e ? 4
                                                    : 0;
  if (length == 0 || at + length > text.size()) return {};
  std::uint32_t value = length == 1 ? first : first & (0xffU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {};
    value = (value << 6) | (byte(i) & 0x3fU);
  }
  constexpr std::uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool is_surrogate = value >= 0xd800 && value <= 0xdfff;
  if (value < kLeast[length] || is_surrogate || value > 0x10ffff) return {};
  return {value, length, true};
}

// The parts of unicode.IsPrint that text of operators meets; blanks other than U+0020 are escaped.
bool is_printable(std::uint32_t rune) {
  if (rune < 0x20 || (rune >= 0x7f && rune <= 0xa0) || rune == 0xad) return false;
  if (rune == 0x1680 || (rune >= 0x2000 && rune <= 0x200f)) return false;
  if ((rune >= 0x2028 && rune <= 0x202f) || (rune >= 0x205f && rune <= 0x206f)) return false;
  if (rune == 0x3000 || rune == 0xfeff || (rune >= 0xe000 && rune <= 0xf8ff)) return false;
  return rune < 0xfff9 || rune >= 0x10000 || rune == 0xfffd;
}

std::string escaped(std::uint32_t rune) {
  switch (rune) {
    case '\a':
      return "\\a";
    case '\b':
      return "\\b";
    case '\f':
      return "\\f";
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    case '\v':
      return "\\v";
    case '\\':
      return "\\\\";
    case '"':
      return "\\\"";
    default:
      break;
  }
  if (rune < 0x20 || rune == 0x7f) return fmt::format("\\x{:02x}", rune);
  if (rune < 0x10000) return fmt::format("\\u{:04x}", rune);
  return fmt::format("\\U{:08x}", rune);
}

}  // namespace

std::string go_quote(std::string_view text) {
  std::string quoted = "\"";
  for (std::size_t at = 0; at < text.size();) {
    const Rune rune = rune_at(text, at);
    if (!rune.is_valid) {
      quoted += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[at]));
    } else if (rune.value == '"' || rune.value == '\\' || !is_printable(rune.value)) {
      quoted += escaped(rune.value);
    } else {
      quoted += text.substr(at, rune.length);
    }
    at += rune.length;
  }
  return quoted + '"';
}

std::string go_valid(std::string_view text) {
  std::string valid;
  for (std::size_t at = 0; at < text.size();) {
    const Rune rune = rune_at(text, at);
    valid += rune.is_valid ? text.substr(at, rune.length) : "\xef\xbf\xbd";
    at += rune.length;
  }
  return valid;
}

std::string go_quote_list(std::span<const std::string> texts) {
  std::vector<std::string> quoted;
  for (const std::string& text : texts) quoted.push_back(go_quote(text));
  return "[" + join(quoted, " ") + "]";
}

std::string go_number(double value, double least, double most) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  char text[64];
  const auto end =
      std::to_chars(text, text + sizeof text, value, std::chars_format::scientific).ptr;
  const std::string scientific(text, end);
  const double size = std::abs(value);
  if (size != 0 && (size < least || size >= most)) return scientific;
  // Digits beyond the shortest are zeros, not those of the exact binary value.
  const std::size_t mark = scientific.find('e');
  const int exponent = std::stoi(scientific.substr(mark + 1));
  const bool is_negative = scientific.starts_with('-');
  std::string digits;
  for (const char c : scientific.substr(0, mark)) {
    if (c >= '0' && c <= '9') digits += c;
  }
  if (exponent < 0) {
    digits = "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
  } else {
    const auto whole = static_cast<std::size_t>(exponent) + 1;
    if (digits.size() < whole) digits.resize(whole, '0');
    if (digits.size() > whole) digits.insert(whole, ".");
  }
  return is_negative ? "-" + digits : digits;
}

std::string go_float(double value) {
  return go_number(value, 1e-4, 1e21);
}

std::string clean_path(std::string_view path) {
  const bool is_absolute = path.starts_with('/');
  std::vector<std::string> kept;
  for (std::string& part : split(path, '/')) {
    if (part.empty() || part == ".") continue;
    if (part == ".." && !kept.empty() && kept.back() != "..") {
      kept.pop_back();
    } else if (part != ".." || !is_absolute) {
      kept.push_back(std::move(part));
    }
  }
  const std::string joined = join(kept, "/");
  if (is_absolute) return "/" + joined;
  return joined.empty() ? "." : joined;
}

std::string resolve_path(std::string_view folder, std::string_view path) {
  if (path.starts_with('/')) return clean_path(path);
  return clean_path(fmt::format("{}/{}", folder, path));
}

std::string folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return ".";
  return clean_path(path.substr(0, slash + 1));
}

}  // namespace gatehouse::bundle
