// What a region says that is out of order, in the words of the recordings; how MAAS prints JSON;
// and which headers go with which part of it.
#include <chrono>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/text.h"
#include "sim/maas_region.h"

namespace gatehouse::sim {
namespace {

constexpr std::size_t kFloodBytes = 100'000'000;

RegionAnswer redirect(const RegionRequest& request) {
  RegionAnswer page = nginx_page(301, "Moved Permanently");
  page.headers.emplace_back("Location", "https://127.0.0.1:5443" + request.path);
  return page;
}

RegionAnswer plain_to_tls() {
  RegionAnswer page{400,
                    "text/html",
                    "<html>\r\n<head><title>400 The plain HTTP request was sent to HTTPS "
                    "port</title></head>\r\n<body>\r\n<center><h1>400 Bad Request</h1></center>\r\n"
                    "<center>The plain HTTP request was sent to HTTPS port</center>\r\n"
                    "<hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>\r\n",
                    {{"Strict-Transport-Security", "max-age=15552000; includeSubdomains"}},
                    Voice::proxy};
  return page;
}

RegionAnswer busy() {
  return {503,
          "text/plain; charset=utf-8",
          "Unable to connect to any rack controller 6e4dwe; no connections available.",
          {{"Retry-After", "1"}}};
}

/// "Sun, 22 Nov 2026 18:04:24 GMT"
std::string http_date(Moment moment) {
  const std::tm parts = fmt::gmtime(std::chrono::system_clock::to_time_t(moment));
  return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", parts);
}

RegionAnswer travelling(RegionAnswer answer, Travel travel) {
  answer.travel = travel;
  return answer;
}

}  // namespace

// The headers that go with the part of MAAS that speaks.
RegionAnswer dressed(RegionAnswer answer, const RegionView& view) {
  const bool is_ahead = view.world.faults.maas.region == RegionQuirk::clock_ahead;
  const Moment now = view.now + (is_ahead ? std::chrono::hours(24) : std::chrono::hours(0));
  auto& headers = answer.headers;
  headers.emplace_back("Date", http_date(now));
  headers.emplace_back("X-Maas-Lab", "LAB");
  if (answer.voice == Voice::proxy) return answer;
  if (answer.voice == Voice::handler) headers.emplace_back("Vary", "Authorization, Cookie");
  if (answer.voice == Voice::anonymous) headers.emplace_back("Vary", "Authorization");
  if (answer.voice == Voice::middleware) headers.emplace_back("Vary", "Cookie");
  if (answer.voice == Voice::handler || answer.voice == Voice::anonymous) {
    headers.emplace_back("X-Maas-Api-Hash", "1ab01ab01ab01ab01ab01ab01ab01ab01ab01ab0");
  }
  headers.emplace_back("X-Frame-Options", "DENY");
  return answer;
}

RegionAnswer nginx_page(int status, const std::string& reason) {
  return {status,
          "text/html",
          fmt::format("<html>\r\n<head><title>{0} {1}</title></head>\r\n<body>\r\n"
                      "<center><h1>{0} {1}</h1></center>\r\n<hr><center>nginx/1.22.1</center>\r\n"
                      "</body>\r\n</html>\r\n",
                      status, reason),
          {},
          Voice::proxy};
}

RegionAnswer spoiled(RegionAnswer answer, RegionQuirk quirk, const RegionRequest& request,
                     bool is_first) {
  const bool is_machines = request.path.ends_with("/machines/");
  switch (quirk) {
    case RegionQuirk::none:
    case RegionQuirk::key_refused:
    case RegionQuirk::tells_the_secret:
    case RegionQuirk::nonce_used:
    case RegionQuirk::ordinary_user:
    case RegionQuirk::clock_ahead:
    case RegionQuirk::older:
      return answer;  // said where the key, the user or the machine is looked at
    case RegionQuirk::forbidden:
      return {403, "text/plain; charset=utf-8", "", {}};
    case RegionQuirk::busy:
      return busy();
    case RegionQuirk::busy_at_first:
      return is_first ? busy() : answer;
    case RegionQuirk::bad_gateway:
      return nginx_page(502, "Bad Gateway");
    case RegionQuirk::redirect:
      return is_machines ? answer : redirect(request);
    case RegionQuirk::speaks_tls:
      return plain_to_tls();
    case RegionQuirk::no_maas:
      return nginx_page(200, "Welcome");
    case RegionQuirk::resets:
      return travelling(std::move(answer), Travel::reset);
    case RegionQuirk::cuts:
      return travelling(std::move(answer), Travel::cut);
    case RegionQuirk::drips:
      return is_machines ? travelling(std::move(answer), Travel::dripping) : answer;
    case RegionQuirk::stalls:
      return is_machines ? travelling(std::move(answer), Travel::stalling) : answer;
    case RegionQuirk::floods:
      answer.padding = kFloodBytes;
      return answer;
  }
  return answer;
}

std::string maas_text(const json::value& value, std::size_t depth) {
  return to_indented_json(value, {.step = 4, .depth = depth});
}

std::string maas_list(std::span<const std::string_view> items) {
  if (items.empty()) return "[]";
  static constexpr std::string_view kBetween = ",\n    ";
  std::size_t size = 2 * kBetween.size();
  for (const std::string_view item : items) size += item.size() + kBetween.size();
  std::string list;
  list.reserve(size);
  for (const std::string_view item : items) {
    list += list.empty() ? "[\n    " : kBetween;
    list += item;
  }
  list += "\n]";
  return list;
}

}  // namespace gatehouse::sim
