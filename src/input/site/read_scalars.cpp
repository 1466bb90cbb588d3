#include <algorithm>
#include <charconv>
#include <cmath>
#include <variant>

#include <fmt/format.h>

#include "base/text.h"
#include "input/site/reader.h"
#include "input/yaml/typing.h"

namespace gatehouse::site_file {

namespace {

constexpr std::size_t kHostnameBytesMax = 253;  // RFC 1035, section 2.3.4.

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

template <class Parser>
auto read_parsed(const Field& field, std::string_view code, std::string_view wanted, Parser parser)
    -> decltype(parser(std::string_view())) {
  if (field.node->kind == yaml::Kind::scalar) {
    if (auto value = parser(std::string_view(field.node->text))) return value;
  }
  field.complain(code, wanted);
  return std::nullopt;
}

std::optional<std::int64_t> parse_whole_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_whole = error == std::errc() && end == text.data() + text.size();
  return is_whole ? std::optional(number) : std::nullopt;
}

}  // namespace

bool is_name(std::string_view text) {
  return !text.empty() && is_letter_or_digit(text[0]) &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return is_letter_or_digit(c) || c == '.' || c == '_' || c == '-';
         });
}

bool is_hostname(std::string_view text) {
  return text.size() <= kHostnameBytesMax && is_name(text) &&
         text.find('_') == std::string_view::npos && text.find("..") == std::string_view::npos;
}

std::optional<std::string> read_text(const Field& field) {
  if (field.node->kind != yaml::Kind::scalar || yaml::is_null(*field.node)) {
    field.complain("wrong-type", "text");
    return std::nullopt;
  }
  if (std::holds_alternative<bool>(yaml::typed(*field.node))) {
    field.complain("wrong-type", "text", "YAML reads this as true or false: put it in quotes");
    return std::nullopt;
  }
  return std::string(field.node->text);
}

std::optional<std::string> read_word(const Field& field) {
  const std::optional<std::string> text = read_text(field);
  if (!text) return std::nullopt;
  if (text->empty() || trim(*text).size() != text->size()) {
    field.complain("empty", "text without blanks at its ends");
    return std::nullopt;
  }
  return text;
}

std::optional<std::string> read_name(const Field& field) {
  const std::optional<std::string> text = read_text(field);
  if (!text) return std::nullopt;
  if (!is_name(*text)) {
    field.complain("bad-name",
                   "a name of letters, digits, '.', '_' and '-' that begins with "
                   "a letter or digit");
    return std::nullopt;
  }
  return text;
}

std::optional<std::string> read_hostname(const Field& field) {
  const std::optional<std::string> text = read_text(field);
  if (!text) return std::nullopt;
  if (!is_hostname(*text)) {
    field.complain("bad-name", "a host name of letters, digits, '.' and '-'");
    return std::nullopt;
  }
  return text;
}

std::optional<bool> read_bool(const Field& field) {
  if (field.node->kind == yaml::Kind::scalar) {
    const yaml::Scalar scalar = yaml::typed(*field.node);
    if (const bool* value = std::get_if<bool>(&scalar)) return *value;
  }
  field.complain("wrong-type", "true or false");
  return std::nullopt;
}

std::optional<std::int64_t> read_number(const Field& field) {
  return read_parsed(field, "bad-number", "a whole number", parse_whole_number);
}

std::optional<std::size_t> read_count(const Field& field) {
  return read_parsed(field, "bad-number", "a whole number from 0",
                     [](std::string_view text) -> std::optional<std::size_t> {
                       const auto number = parse_whole_number(text);
                       if (!number || *number < 0) return std::nullopt;
                       return static_cast<std::size_t>(*number);
                     });
}

std::optional<Ipv4> read_address(const Field& field) {
  return read_parsed(field, "bad-address", "an IPv4 address such as 10.0.0.1", parse_ipv4);
}

std::optional<Cidr> read_cidr(const Field& field) {
  return read_parsed(field, "bad-cidr", "a subnet such as 10.0.0.0/22, its host bits zero",
                     parse_cidr);
}

std::optional<Ipv4Range> read_range(const Field& field) {
  return read_parsed(field, "bad-range", "a range such as 10.0.0.50-10.0.0.60, its lower end first",
                     parse_ipv4_range);
}

std::optional<Milliseconds> read_duration(const Field& field) {
  return read_parsed(field, "bad-duration", "a duration such as 90s, 5m or 1h30m", parse_duration);
}

std::optional<std::uint64_t> read_size(const Field& field) {
  return read_parsed(field, "bad-size", "a size such as 512GiB or 1MiB", parse_size);
}

std::optional<json::value> read_option(const Field& field) {
  if (field.node->kind != yaml::Kind::scalar || yaml::is_null(*field.node)) {
    field.complain("wrong-type", "text, a number, or true or false");
    return std::nullopt;
  }
  return std::visit(
      [](const auto& value) -> json::value {
        if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::monostate>) {
          return nullptr;
        } else {
          return json::value(value);
        }
      },
      yaml::typed(*field.node));
}

std::optional<std::string> read_choice(const Field& field, const std::vector<std::string>& words) {
  const bool is_scalar = field.node->kind == yaml::Kind::scalar;
  if (is_scalar && std::find(words.begin(), words.end(), field.node->text) != words.end()) {
    return std::string(field.node->text);
  }
  std::string help;
  if (is_scalar) {
    if (const auto nearest = nearest_word(field.node->text, words)) {
      help = fmt::format("did you mean {}?", *nearest);
    }
  }
  field.complain("unknown-value", fmt::format("one of {}", join(words, ", ")), std::move(help));
  return std::nullopt;
}

}  // namespace gatehouse::site_file
