#include "input/yaml/typing.h"

#include <array>
#include <charconv>
#include <limits>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"

// Source of every rule here: github.com/juju/yaml/v2 v2.0.0, the fork of go-yaml v2 that Juju 3.6
// reads bundles with. Its floats are narrower than go-yaml's own: an exponent needs a sign, a point
// needs a digit after it, and no leading zero.
namespace gatehouse::yaml {

namespace {

constexpr std::string_view kTagPrefix = "tag:yaml.org,2002:";

std::string short_tag(std::string_view tag) {
  if (!tag.starts_with(kTagPrefix)) return std::string(tag);
  return "!!" + std::string(tag.substr(kTagPrefix.size()));
}

template <std::size_t N>
bool is_one_of(std::string_view text, const std::array<std::string_view, N>& words) {
  for (const std::string_view word : words) {
    if (word == text) return true;
  }
  return false;
}

constexpr std::array<std::string_view, 11> kTrue = {"y",    "Y",    "yes", "Yes", "YES", "true",
                                                    "True", "TRUE", "on",  "On",  "ON"};
constexpr std::array<std::string_view, 11> kFalse = {"n",     "N",     "no",  "No",  "NO", "false",
                                                     "False", "FALSE", "off", "Off", "OFF"};
constexpr std::array<std::string_view, 5> kNull = {"", "~", "null", "Null", "NULL"};
constexpr std::array<std::string_view, 3> kNotANumber = {".nan", ".NaN", ".NAN"};
constexpr std::array<std::string_view, 6> kInfinity = {".inf",  ".Inf",  ".INF",
                                                       "+.inf", "+.Inf", "+.INF"};
constexpr std::array<std::string_view, 3> kMinusInfinity = {"-.inf", "-.Inf", "-.INF"};

std::optional<Resolution> from_word(std::string_view text) {
  if (is_one_of(text, kTrue)) return Resolution{true, "!!bool", {}};
  if (is_one_of(text, kFalse)) return Resolution{false, "!!bool", {}};
  if (is_one_of(text, kNull)) return Resolution{std::monostate{}, "!!null", {}};
  constexpr double kInf = std::numeric_limits<double>::infinity();
  if (is_one_of(text, kNotANumber)) {
    return Resolution{std::numeric_limits<double>::quiet_NaN(), "!!float", {}};
  }
  if (is_one_of(text, kInfinity)) return Resolution{kInf, "!!float", {}};
  if (is_one_of(text, kMinusInfinity)) return Resolution{-kInf, "!!float", {}};
  return std::nullopt;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Go's ParseInt and ParseUint with base 0, underscores taken out before.
int take_base(std::string_view& digits) {
  if (digits.size() < 2 || digits[0] != '0') return 10;
  const char letter = static_cast<char>(digits[1] | 0x20);
  const int base = letter == 'x' ? 16 : letter == 'b' ? 2 : letter == 'o' ? 8 : 0;
  digits.remove_prefix(base == 0 ? 1 : 2);
  return base == 0 ? 8 : base;
}

template <class Integer>
std::optional<Integer> whole_number(std::string_view text, int base) {
  Integer value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

std::optional<Scalar> integer(std::string_view text) {
  const bool has_sign = text.starts_with('-') || text.starts_with('+');
  const bool is_negative = text.starts_with('-');
  std::string_view digits = text.substr(has_sign ? 1 : 0);
  if (digits.empty() || !is_digit(digits[0])) return std::nullopt;
  const int base = take_base(digits);
  if (digits.empty() || digits[0] == '-') return std::nullopt;
  const std::string signed_digits = (is_negative ? "-" : "") + std::string(digits);
  if (const auto value = whole_number<std::int64_t>(signed_digits, base)) return Scalar(*value);
  if (has_sign) return std::nullopt;
  if (const auto value = whole_number<std::uint64_t>(digits, base)) return Scalar(*value);
  return std::nullopt;
}

// ^[-+]?(0|[1-9][0-9]*)?(\.[0-9]+)?([eE][-+][0-9]+)?$
bool looks_like_float(std::string_view text) {
  std::size_t at = 0;
  const auto skip_digits = [&] {
    const std::size_t from = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    return at - from;
  };
  if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
  if (at < text.size() && text[at] == '0') {
    ++at;
  } else {
    skip_digits();
  }
  if (at < text.size() && text[at] == '.') {
    ++at;
    if (skip_digits() == 0) return false;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at == text.size() || (text[at] != '-' && text[at] != '+')) return false;
    ++at;
    if (skip_digits() == 0) return false;
  }
  return at == text.size();
}

// Go's ParseFloat on decimal text: too large is an error, too small is zero.
std::optional<double> float_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size() || text.empty()) return std::nullopt;
  if (error == std::errc::result_out_of_range) {
    if (text.find("e-") == std::string_view::npos && text.find("E-") == std::string_view::npos) {
      return std::nullopt;
    }
    return text.starts_with('-') ? -0.0 : 0.0;
  }
  if (error != std::errc()) return std::nullopt;
  return value;
}

// Between one and `most` digits, at most `limit`.
bool take_number(std::string_view& text, std::size_t most, int limit) {
  std::size_t length = 0;
  int value = 0;
  while (length < most && length < text.size() && is_digit(text[length])) {
    value = value * 10 + (text[length++] - '0');
  }
  text.remove_prefix(length);
  return length > 0 && value <= limit;
}

bool take_character(std::string_view& text, char wanted) {
  if (!text.starts_with(wanted)) return false;
  text.remove_prefix(1);
  return true;
}

bool take_clock(std::string_view& text) {
  if (!take_number(text, 2, 23) || !take_character(text, ':')) return false;
  if (!take_number(text, 2, 59) || !take_character(text, ':')) return false;
  if (!take_number(text, 2, 59)) return false;
  if (take_character(text, '.')) {
    if (text.empty() || !is_digit(text[0])) return false;
    while (!text.empty() && is_digit(text[0])) text.remove_prefix(1);
  }
  return true;
}

// It stays a string; only the tag in the words of a type error tells it from one.
bool looks_like_timestamp(std::string_view text) {
  if (text.size() < 8 || !is_digit(text[3])) return false;
  if (!take_number(text, 4, 9999) || !take_character(text, '-')) return false;
  if (!take_number(text, 2, 12) || !take_character(text, '-')) return false;
  if (!take_number(text, 2, 31)) return false;
  if (text.empty()) return true;
  if (take_character(text, ' ')) return take_clock(text) && text.empty();
  if (!take_character(text, 'T') && !take_character(text, 't')) return false;
  if (!take_clock(text)) return false;
  if (text == "Z") return true;
  if (!take_character(text, '+') && !take_character(text, '-')) return false;
  return take_number(text, 2, 24) && take_character(text, ':') && take_number(text, 2, 60) &&
         text.empty();
}

// What no number and no time holds makes it text, without a copy that a secret would stay in.
bool has_only_numeric_characters(std::string_view text) {
  return text.find_first_not_of("0123456789abcdefABCDEFxXoOtTzZ_+-.: \t") == std::string_view::npos;
}

Resolution from_number(std::string_view text, bool may_be_timestamp) {
  if (!has_only_numeric_characters(text)) return {std::string(text), "!!str", {}};
  if (may_be_timestamp && looks_like_timestamp(text)) {
    return {std::string(text), "!!timestamp", {}};
  }
  const std::string plain = replace_all(std::string(text), "_", "");
  if (const auto value = integer(plain)) return {*value, "!!int", {}};
  if (looks_like_float(plain)) {
    if (const auto value = float_number(plain)) return {*value, "!!float", {}};
  }
  return {std::string(text), "!!str", {}};
}

// Whether it may be something else than text: only what begins so can.
bool has_hint(std::string_view text) {
  const char first = text.empty() ? 'N' : text[0];
  return is_digit(first) ||
         std::string_view("+-.yYnNtTfFoO~").find(first) != std::string_view::npos;
}

Resolution from_plain(std::string_view text, bool may_be_timestamp) {
  const char first = text.empty() ? 'N' : text[0];
  if (!has_hint(text)) return {std::string(text), "!!str", {}};
  if (auto word = from_word(text)) return *word;
  if (first == '.') {
    const auto value = text.size() > 1 && (is_digit(text[1])) ? float_number(text) : std::nullopt;
    if (value) return {*value, "!!float", {}};
  } else if (is_digit(first) || first == '+' || first == '-') {
    return from_number(text, may_be_timestamp);
  }
  return {std::string(text), "!!str", {}};
}

Resolution from_binary(const Node& node) {
  std::string text;
  for (const char c : node.text) {
    if (c != '\n' && c != '\r') text += c;
  }
  if (auto bytes = base64_decode(text)) return {std::move(*bytes), "!!binary", {}};
  return {std::string(), "!!binary", "!!binary value contains invalid base64 data"};
}

}  // namespace

bool is_surely_text(const Node& node) {
  return node.tag().empty() && (node.style != Style::plain || !has_hint(node.text));
}

Resolution resolve(const Node& node) {
  const Node& scalar = resolved(node);
  if (scalar.tag() == kSelfReferenceTag) {
    return {std::string(), "!!str", fmt::format("anchor '{}' value contains itself", scalar.text)};
  }
  const bool is_quoted = scalar.style != Style::plain;
  if (scalar.tag() == "!" || (scalar.tag().empty() && is_quoted))
    return {std::string(scalar.text), "!!str", {}};
  const std::string wanted = short_tag(scalar.tag());
  if (wanted == "!!binary") return from_binary(scalar);
  if (wanted == "!!str") return {std::string(scalar.text), "!!str", {}};
  if (wanted.empty()) return from_plain(scalar.text, true);
  const bool is_known = wanted == "!!bool" || wanted == "!!int" || wanted == "!!float" ||
                        wanted == "!!null" || wanted == "!!timestamp";
  if (!is_known) return {std::string(scalar.text), wanted, {}};
  Resolution found = from_plain(scalar.text, wanted == "!!timestamp");
  if (found.tag == wanted) return found;
  if (wanted == "!!float" && found.tag == "!!int") {
    if (const auto* value = std::get_if<std::int64_t>(&found.value)) {
      return {static_cast<double>(*value), "!!float", {}};
    }
  }
  found.failure = fmt::format("cannot decode {} `{}` as a {}", found.tag, scalar.text, wanted);
  return found;
}

Scalar typed(const Node& node) {
  return resolve(node).value;
}

bool is_null(const Node& node) {
  const Node& target = resolved(node);
  // A longer text is not even copied: it may be a secret, and the copy would stay in memory.
  constexpr std::size_t kNullMax = std::string_view("null").size();
  return target.kind == Kind::scalar && target.text.size() <= kNullMax &&
         std::holds_alternative<std::monostate>(resolve(target).value);
}

}  // namespace gatehouse::yaml
