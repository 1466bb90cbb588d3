#include "cli/lab_clock.h"

#include <charconv>

#include "base/text.h"

namespace gatehouse::cli {

namespace {

template <class T>
std::optional<T> parse_number(const std::string& text) {
  T number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

bool is_loopback_url(const std::string& url) {
  for (const std::string_view start : {"http://127.0.0.1:", "http://localhost:", "http://[::1]:"}) {
    if (url.starts_with(start)) return true;
  }
  return false;
}

Result<std::optional<posix::ClockScale>> lab_clock_scale(const Environment& environment,
                                                         const std::string& text) {
  if (environment.lab.empty() && text.empty()) return std::optional<posix::ClockScale>();
  if (environment.lab.empty() || !is_loopback_url(environment.maas_url)) {
    return fail(ErrorKind::invalid_input,
                "GATEHOUSE_LAB, GATEHOUSE_LAB_CLOCK and GATEHOUSE_MAAS_URL belong together, and a "
                "lab's MAAS is on loopback",
                "take all of what gatehouse-lab up prints, or none of it");
  }
  if (text.empty()) return std::optional<posix::ClockScale>();
  const auto parts = split(text, ':');
  const auto wall = parts.size() == 3 ? parse_number<std::int64_t>(parts[0]) : std::nullopt;
  const auto lab = parts.size() == 3 ? parse_number<std::int64_t>(parts[1]) : std::nullopt;
  const auto factor = parts.size() == 3 ? parse_number<double>(parts[2]) : std::nullopt;
  constexpr double kFactorMax = 100'000;
  if (!wall || !lab || !factor || !(*factor >= 1 && *factor <= kFactorMax)) {
    return fail(ErrorKind::invalid_input,
                "GATEHOUSE_LAB_CLOCK: WALL_MS:LAB_MS:FACTOR expected, observed " + printable(text));
  }
  return std::optional(posix::ClockScale{.wall_origin = Moment(Milliseconds(*wall)),
                                         .lab_origin = Moment(Milliseconds(*lab)),
                                         .factor = *factor});
}

}  // namespace gatehouse::cli
