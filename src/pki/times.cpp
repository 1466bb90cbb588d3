#include "pki/times.h"

#include <ctime>

namespace gatehouse::pki {

namespace {

using std::chrono::days;

}  // namespace

std::optional<Moment> moment_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
  const std::chrono::year_month_day date{
      std::chrono::year(parts.tm_year + 1900),
      std::chrono::month(static_cast<unsigned>(parts.tm_mon + 1)),
      std::chrono::day(static_cast<unsigned>(parts.tm_mday))};
  if (!date.ok()) return std::nullopt;
  return Moment(std::chrono::sys_days(date)) + std::chrono::hours(parts.tm_hour) +
         std::chrono::minutes(parts.tm_min) + std::chrono::seconds(parts.tm_sec);
}

Time asn1_time(Moment moment) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(moment);
  return Time(ASN1_TIME_set(nullptr, static_cast<std::time_t>(seconds.time_since_epoch().count())));
}

Moment add_years(Moment moment, int years) {
  const auto day = std::chrono::floor<days>(moment);
  std::chrono::year_month_day date = std::chrono::year_month_day(day) + std::chrono::years(years);
  if (!date.ok()) date = date.year() / date.month() / std::chrono::last;
  return Moment(std::chrono::sys_days(date)) + (moment - day);
}

std::string date_of(Moment moment) {
  return to_rfc3339(moment).substr(0, 10);
}

long days_between(Moment from, Moment to) {
  return static_cast<long>(std::chrono::floor<days>(to - from).count());
}

}  // namespace gatehouse::pki
