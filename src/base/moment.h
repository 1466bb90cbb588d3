// Points in time and lengths of time as texts. Everything stored is UTC.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse {

using Moment = std::chrono::time_point<std::chrono::system_clock, std::chrono::milliseconds>;
using Milliseconds = std::chrono::milliseconds;

/// "2026-11-22T19:04:10Z", with milliseconds only where there are any.
std::string to_rfc3339(Moment moment);
/// With "Z" or an offset, 'T' or a blank between date and time; fractions beyond milliseconds are
/// cut.
std::optional<Moment> parse_rfc3339(std::string_view text);

/// "90s", "5m", "3h", "2d", "1h30m".
std::optional<Milliseconds> parse_duration(std::string_view text);
/// "1 h 5 min", "6 min 20 s", "12 s", "250 ms".
std::string to_words(Milliseconds duration);

/// "512GiB", "1MiB", "200KiB", "8GB", "77": bytes.
std::optional<std::uint64_t> parse_size(std::string_view text);
/// "512 GiB", "200 KiB", "17 B"; at most one decimal.
std::string size_in_words(std::uint64_t bytes);

}  // namespace gatehouse
