#include "clients/maas/exchange.h"

#include <array>
#include <chrono>

#include <fmt/format.h>

#include "base/json.h"
#include "base/text.h"

namespace gatehouse::maas {

namespace {

constexpr std::size_t kExcerptBytesMax = 200;
// MAAS refuses a timestamp that is older than this (piston: timestamp_threshold).
constexpr std::chrono::seconds kClockDifferenceMax{300};

bool has_type(const HttpResponse& response, std::string_view type) {
  return response.header("Content-Type").substr(0, type.size()) == type;
}

/// One short line of a text body; pages of a proxy and empty bodies are named instead of shown.
std::string excerpt(const HttpResponse& response) {
  const auto lines = lines_of(response.body);
  const std::string_view line = lines.empty() ? std::string_view{} : trim(lines.front());
  if (line.empty()) return "an empty body";
  if (has_type(response, "text/html") || response.body.find("<html") != std::string::npos) {
    return "an HTML page";
  }
  std::string text = printable(line.substr(0, kExcerptBytesMax));
  if (line.size() > kExcerptBytesMax) text += "...";
  return text;
}

/// {"field": ["message", ...], "__all__": [...]} as one line, in the order given.
std::string field_errors(const json::object& fields) {
  std::string text;
  for (const auto& [field, messages] : fields) {
    if (text.size() > kExcerptBytesMax) break;
    if (!text.empty()) text += "; ";
    if (field != "__all__") text += printable(std::string_view(field)) + ": ";
    std::string words;
    if (const auto* list = messages.if_array()) {
      for (const json::value& message : *list) {
        if (!message.is_string()) continue;
        if (!words.empty()) words += ", ";
        words += printable(std::string_view(message.get_string()).substr(0, kExcerptBytesMax));
      }
    } else if (messages.is_string()) {
      words = printable(std::string_view(messages.get_string()).substr(0, kExcerptBytesMax));
    }
    text += words;
  }
  return text;
}

tl::unexpected<Error> refused_key(const HttpResponse& response, Moment now) {
  // A request that was sent twice on its way, by a proxy or over a connection that broke.
  if (response.body.find("Nonce already used") != std::string::npos) {
    return fail(ErrorKind::unavailable, "MAAS says that this request came twice",
                "look for a proxy between here and MAAS that repeats requests");
  }
  const auto server = parse_http_date(response.header("Date"));
  if (server && *server - now > kClockDifferenceMax) {
    return fail(ErrorKind::denied, "MAAS refuses the key",
                "the clock here is " + to_words(*server - now) +
                    " behind MAAS's, which refuses what is older than 5 min: set the clock");
  }
  return fail(ErrorKind::denied, "MAAS refuses the key",
              "make a new API key in MAAS and put it into the key file, or run maas login again");
}

tl::unexpected<Error> redirected(const HttpResponse& response) {
  const std::string target = printable(response.header("Location").substr(0, kExcerptBytesMax));
  if (target.starts_with("https://")) {
    return fail(ErrorKind::invalid_input,
                "MAAS speaks TLS and redirects to https, which the key does not follow",
                "change the MAAS URL to its https form, as in " + target +
                    "; what went there over http went in clear, so make a new API key");
  }
  return fail(ErrorKind::invalid_input,
              "MAAS API expected, observed a redirect to " + (target.empty() ? "nowhere" : target),
              "check the MAAS URL: it ends in /MAAS");
}

tl::unexpected<Error> bad_request(const HttpResponse& response) {
  if (has_type(response, "text/plain") &&
      response.body.starts_with("Unrecognised signature: method=GET op=None")) {
    // The collections of machines and nodes answer so to a request without a usable key.
    return fail(ErrorKind::denied, "MAAS takes the request for one without a key",
                "check the key in the key file or the profile");
  }
  if (response.body.find("plain HTTP request was sent to HTTPS port") != std::string::npos) {
    return fail(ErrorKind::invalid_input, "the MAAS URL says http, but this port speaks TLS",
                "change http to https in the MAAS URL");
  }
  if (has_type(response, "application/json")) {
    const Result<json::value> body = parse_json(response.body);
    if (const json::object* fields = body ? body->if_object() : nullptr) {
      return fail(ErrorKind::invalid_input, "MAAS refuses the request: " + field_errors(*fields));
    }
  }
  return fail(ErrorKind::invalid_input, "MAAS refuses the request: " + excerpt(response));
}

Result<void> check_document(const HttpResponse& response) {
  if (!has_type(response, "application/json")) {
    const std::string type = printable(response.header("Content-Type").substr(0, 60));
    return fail(ErrorKind::malformed,
                "JSON of MAAS expected, observed " + (type.empty() ? "no Content-Type" : type),
                "check that the URL is MAAS's own: it ends in /MAAS");
  }
  return {};
}

}  // namespace

std::optional<Moment> parse_http_date(std::string_view text) {
  // "Sun, 22 Nov 2026 18:04:24 GMT"
  static constexpr std::array<std::string_view, 12> kMonths = {
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::vector<std::string> words = words_of(text.substr(0, 40));
  if (words.size() != 6 || words[5] != "GMT" || words[1].size() != 2) return std::nullopt;
  for (std::size_t month = 0; month < kMonths.size(); ++month) {
    if (kMonths[month] != words[2]) continue;
    return parse_rfc3339(fmt::format("{}-{:02}-{}T{}Z", words[3], month + 1, words[1], words[4]));
  }
  return std::nullopt;
}

Result<void> check_answer(const HttpResponse& response, Moment now) {
  const int status = response.status;
  switch (status) {
    case 200:
      return check_document(response);
    case 301:
    case 302:
    case 303:
    case 307:
    case 308:
      return redirected(response);
    case 400:
      return bad_request(response);
    case 401:
      return refused_key(response, now);
    case 403:
      return fail(ErrorKind::denied, "MAAS does not permit this to the key's user",
                  "an ordinary user sees only machines that nobody else owns");
    case 404:
      return fail(ErrorKind::not_found, "MAAS knows no such thing: " + excerpt(response));
    case 405:
      return fail(ErrorKind::malformed, "MAAS does not take this kind of request here",
                  "check that the URL is MAAS's own: it ends in /MAAS");
    case 409:
      return fail(ErrorKind::conflict, "MAAS is changing this right now: " + excerpt(response));
    case 410:
      return fail(ErrorKind::not_found, "this MAAS does not serve API 2.0: " + excerpt(response));
    case 500:
      return fail(ErrorKind::malformed, "MAAS failed in its own code: " + excerpt(response),
                  "look at the region's log on the MAAS host");
    case 502:
    case 504:
      return fail(ErrorKind::unavailable,
                  fmt::format("the proxy before MAAS answers {}: the region is not up", status),
                  "look at the region's service on the MAAS host");
    case 503:
      return fail(ErrorKind::unavailable, "MAAS is too busy or not ready: " + excerpt(response));
    default:
      return fail(ErrorKind::malformed, fmt::format("status 200 of MAAS expected, observed {}: {}",
                                                    status, excerpt(response)));
  }
}

}  // namespace gatehouse::maas
