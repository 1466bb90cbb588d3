// Boost.JSON behind one header: the aliases that the product uses and the few look-ups that a
// decoder needs. A look-up never throws: what is absent or of another type is an empty optional.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "base/result.h"

namespace gatehouse {

namespace json = boost::json;

/// `malformed` with the byte where reading stopped; depth is bounded at 64 levels.
Result<json::value> parse_json(std::string_view text);

/// The member, or nullptr where the value is no object or has none of that name. Each look-up takes
/// a value or an object: an object must not turn into a temporary value, whose members would
/// dangle.
const json::value* find(const json::object& object, std::string_view key);
const json::value* find(const json::value& value, std::string_view key);

namespace detail {
const json::object* as_object(const json::value* member);
const json::array* as_array(const json::value* member);
std::optional<std::string> as_string(const json::value* member);
std::optional<std::int64_t> as_integer(const json::value* member);
std::optional<double> as_number(const json::value* member);
std::optional<bool> as_bool(const json::value* member);
}  // namespace detail

template <class Document>
const json::object* find_object(const Document& document, std::string_view key) {
  return detail::as_object(find(document, key));
}
template <class Document>
const json::array* find_array(const Document& document, std::string_view key) {
  return detail::as_array(find(document, key));
}
template <class Document>
std::optional<std::string> find_string(const Document& document, std::string_view key) {
  return detail::as_string(find(document, key));
}
/// Also a number without fraction that is written as a double.
template <class Document>
std::optional<std::int64_t> find_integer(const Document& document, std::string_view key) {
  return detail::as_integer(find(document, key));
}
template <class Document>
std::optional<double> find_number(const Document& document, std::string_view key) {
  return detail::as_number(find(document, key));
}
template <class Document>
std::optional<bool> find_bool(const Document& document, std::string_view key) {
  return detail::as_bool(find(document, key));
}
/// find_string, or "" where there is none.
template <class Document>
std::string string_or_empty(const Document& document, std::string_view key) {
  return find_string(document, key).value_or("");
}

/// `step` blanks for each level; `depth` is that of the line on which the text begins.
struct Indent {
  std::size_t step = 0;
  std::size_t depth = 0;
};

/// Keys in the order of the object, empty ones as {} and [], no final line feed.
std::string to_indented_json(const json::value& value, Indent indent);

/// The same document with what a terminal would act on (DEL, C1, marks that turn the direction of
/// text) as \uXXXX.
std::string with_hidden_escaped(std::string document);

/// Two-blank indentation, keys in the order of the object, a final line feed.
std::string to_pretty_json(const json::value& value);

}  // namespace gatehouse
