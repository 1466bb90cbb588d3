#include "base/json.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/text.h"

namespace gatehouse {

namespace {

class Printer {
 public:
  Printer(std::string& out, std::size_t step) : out_(out), step_(step) {}

  void print(const json::value& value, std::size_t depth) {
    if (const auto* object = value.if_object(); object && !object->empty()) {
      print_items('{', *object, '}', depth, [&](const auto& member) {
        out_ += json::serialize(json::string(member.key())) + ": ";
        print(member.value(), depth + 1);
      });
    } else if (const auto* array = value.if_array(); array && !array->empty()) {
      print_items('[', *array, ']', depth, [&](const auto& item) { print(item, depth + 1); });
    } else {
      out_ += json::serialize(value);
    }
  }

 private:
  template <class Items, class PrintItem>
  void print_items(char opening, const Items& items, char closing, std::size_t depth,
                   const PrintItem& print_item) {
    out_ += opening;
    for (const auto& item : items) {
      if (&item != &*items.begin()) out_ += ',';
      begin_line(depth + 1);
      print_item(item);
    }
    begin_line(depth);
    out_ += closing;
  }

  void begin_line(std::size_t depth) {
    out_ += '\n';
    out_.append(depth * step_, ' ');
  }

  std::string& out_;
  const std::size_t step_;
};

}  // namespace

Result<json::value> parse_json(std::string_view text) {
  json::parse_options options;
  options.max_depth = 64;
  json::stream_parser parser(json::storage_ptr(), options);
  json::error_code error;
  const std::size_t used = parser.write_some(text.data(), text.size(), error);
  if (!error) {
    for (std::size_t at = used; at < text.size(); ++at) {
      if (std::string_view(" \t\r\n").find(text[at]) == std::string_view::npos) {
        return fail(ErrorKind::malformed, fmt::format("byte {}: text after the JSON document", at));
      }
    }
    parser.finish(error);
  }
  if (error) {
    return fail(ErrorKind::malformed, fmt::format("byte {}: not JSON: {}", used, error.message()));
  }
  return parser.release();
}

const json::value* find(const json::object& object, std::string_view key) {
  return object.if_contains(key);
}

const json::value* find(const json::value& value, std::string_view key) {
  const auto* object = value.if_object();
  return object ? object->if_contains(key) : nullptr;
}

namespace detail {

const json::object* as_object(const json::value* member) {
  return member ? member->if_object() : nullptr;
}

const json::array* as_array(const json::value* member) {
  return member ? member->if_array() : nullptr;
}

std::optional<std::string> as_string(const json::value* member) {
  if (!member || !member->is_string()) return std::nullopt;
  return std::string(member->get_string());
}

std::optional<std::int64_t> as_integer(const json::value* member) {
  if (!member) return std::nullopt;
  json::error_code error;
  const auto number = member->to_number<std::int64_t>(error);
  if (error) return std::nullopt;
  return number;
}

std::optional<double> as_number(const json::value* member) {
  if (!member) return std::nullopt;
  json::error_code error;
  const auto number = member->to_number<double>(error);
  if (error) return std::nullopt;
  return number;
}

std::optional<bool> as_bool(const json::value* member) {
  if (!member || !member->is_bool()) return std::nullopt;
  return member->get_bool();
}

}  // namespace detail

std::string to_indented_json(const json::value& value, Indent indent) {
  std::string out;
  Printer(out, indent.step).print(value, indent.depth);
  return with_hidden_escaped(std::move(out));
}

std::string with_hidden_escaped(std::string document) {
  const auto is_plain = [](char c) { return static_cast<unsigned char>(c) < 0x7f; };
  if (std::all_of(document.begin(), document.end(), is_plain)) return document;
  std::string out;
  std::string_view rest = document;
  while (!rest.empty()) {
    const std::size_t length = hidden_length(rest);
    if (length == 0) {
      out += rest.front();
      rest.remove_prefix(1);
      continue;
    }
    const auto byte = [&](std::size_t i) -> unsigned {
      return static_cast<unsigned char>(rest[i]);
    };
    const unsigned point = length == 1 ? byte(0)
                           : length == 2
                               ? (byte(0) & 0x1f) << 6 | (byte(1) & 0x3f)
                               : (byte(0) & 0x0f) << 12 | (byte(1) & 0x3f) << 6 | (byte(2) & 0x3f);
    out += fmt::format("\\u{:04x}", point);
    rest.remove_prefix(length);
  }
  return out;
}

std::string to_pretty_json(const json::value& value) {
  return to_indented_json(value, {.step = 2, .depth = 0}) + "\n";
}

}  // namespace gatehouse
