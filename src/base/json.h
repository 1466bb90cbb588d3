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

/// The member, or nullptr where the value is no object or has none of that name.
const json::value* find(const json::value& value, std::string_view key);
const json::object* find_object(const json::value& value, std::string_view key);
const json::array* find_array(const json::value& value, std::string_view key);
std::optional<std::string> find_string(const json::value& value, std::string_view key);
/// Also a number without fraction that is written as a double.
std::optional<std::int64_t> find_integer(const json::value& value, std::string_view key);
std::optional<double> find_number(const json::value& value, std::string_view key);
std::optional<bool> find_bool(const json::value& value, std::string_view key);
/// find_string, or "" where there is none.
std::string string_or_empty(const json::value& value, std::string_view key);

/// Two-blank indentation, keys in the order of the object, a final line feed.
std::string to_pretty_json(const json::value& value);

}  // namespace gatehouse
