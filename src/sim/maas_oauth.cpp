// Who is asking: OAuth 1.0 PLAINTEXT with the refusals that MAAS 3.5 was recorded to give
// (recorded/maas, errors/auth-*). Among them the one that tells the right secret: a client must not
// print it.
#include <charconv>
#include <map>

#include <fmt/format.h>

#include "base/text.h"
#include "sim/maas_region.h"

namespace gatehouse::sim {
namespace {

constexpr std::int64_t kThresholdSeconds = 300;
constexpr std::int64_t kDaySeconds = 86'400;
constexpr std::size_t kNoncesMax = 200'000;

RegionAnswer forbidden() {
  return {401, "text/plain", "Forbidden", {}, Voice::handler};
}

RegionAnswer authorization_error(const std::string& text) {
  return {401,
          "text/html; charset=utf-8",
          "Authorization Error: " + text,
          {{"WWW-Authenticate", "OAuth realm=\"OAuth\""}}};
}

/// `name="value", ...` after the word OAuth; none where it cannot be read.
std::optional<std::map<std::string, std::string>> parameters_of(const std::string& header) {
  std::map<std::string, std::string> parameters;
  for (const std::string& part : split(std::string_view(header).substr(6), ',')) {
    const std::string_view trimmed = trim(part);
    const std::size_t equals = trimmed.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    std::string_view value = trim(trimmed.substr(equals + 1));
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
      value = value.substr(1, value.size() - 2);
    }
    parameters[std::string(trim(trimmed.substr(0, equals)))] = percent_decoded(value);
  }
  return parameters;
}

/// Lacking one of them, a request counts as anonymous.
bool has_all(const std::map<std::string, std::string>& parameters) {
  for (const char* name : {"oauth_consumer_key", "oauth_token", "oauth_signature",
                           "oauth_signature_method", "oauth_timestamp", "oauth_nonce"}) {
    if (!parameters.contains(name)) return false;
  }
  return true;
}

/// The collections have a handler for anonymous requests, which knows no operation.
RegionAnswer refuse_anonymous(const RegionRequest& request) {
  const bool is_collection =
      request.path.ends_with("/machines/") || request.path.ends_with("/nodes/");
  if (!is_collection) return forbidden();
  std::string operation = "None";
  for (const auto& [name, value] : request.query) {
    if (name == "op") operation = value;
  }
  return {400,
          "text/plain; charset=utf-8",
          fmt::format("Unrecognised signature: method={} op={}", request.method, operation),
          {}};
}

std::optional<RegionAnswer> refuse_timestamp(const std::string& text, const RegionView& view) {
  std::int64_t given = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), given);
  if (problem != std::errc() || end != text.data() + text.size()) {
    return RegionAnswer{
        500,
        "text/plain; charset=utf-8",
        fmt::format("invalid literal for int() with base 10: '{}'", printable(text)),
        {}};
  }
  const bool is_ahead = view.world.faults.maas.region == RegionQuirk::clock_ahead;
  const std::int64_t now = to_milliseconds(view.now) / 1000 + (is_ahead ? kDaySeconds : 0);
  // A fast lab gives a slow client as many seconds of the wall as it needs: five.
  const auto fair = static_cast<std::int64_t>(5 * view.world.settings.speed);
  if (now - given <= std::max(kThresholdSeconds, fair)) return std::nullopt;
  return authorization_error(
      fmt::format("'Expired timestamp: given {} and now {} has a greater difference than threshold "
                  "{}'",
                  given, now, kThresholdSeconds));
}

}  // namespace

std::optional<RegionAnswer> MaasRegion::refuse(const RegionRequest& request,
                                               const RegionView& view) {
  if (request.authorization.rfind("OAuth ", 0) != 0) return refuse_anonymous(request);
  const auto parsed = parameters_of(request.authorization);
  if (!parsed) {
    return authorization_error("'Unable to parse OAuth parameters from Authorization header.'");
  }
  const auto& given = *parsed;
  if (!has_all(given)) return refuse_anonymous(request);
  const auto version = given.find("oauth_version");
  if (version != given.end() && version->second != "1.0") {
    return authorization_error(
        fmt::format("'OAuth version {} not supported.'", printable(version->second)));
  }
  const std::string& method = given.at("oauth_signature_method");
  if (method != "PLAINTEXT" && method != "HMAC-SHA1") {
    return authorization_error(fmt::format(
        "'Signature method {} not supported try one of the following: PLAINTEXT, HMAC-SHA1'",
        printable(method)));
  }
  if (view.world.faults.maas.region == RegionQuirk::key_refused ||
      given.at("oauth_consumer_key") != key_.consumer) {
    return authorization_error("Invalid API key.");
  }
  if (given.at("oauth_token") != key_.token) {
    return authorization_error(
        fmt::format("'Invalid access token: {}'", printable(given.at("oauth_token"))));
  }
  if (auto refused = refuse_timestamp(given.at("oauth_timestamp"), view)) return refused;
  const std::string& nonce = given.at("oauth_nonce");
  const bool is_used = nonces_.size() < kNoncesMax && !nonces_.insert(nonce).second;
  if (is_used || view.world.faults.maas.region == RegionQuirk::nonce_used) {
    return authorization_error(fmt::format("'Nonce already used: {}'", printable(nonce)));
  }
  const bool is_told = view.world.faults.maas.region == RegionQuirk::tells_the_secret;
  if (is_told ||
      !Secret("&" + std::string(key_.secret.reveal())).equals(given.at("oauth_signature"))) {
    return authorization_error(fmt::format(
        "'Invalid signature. Expected signature base string: &{}'", key_.secret.reveal()));
  }
  return std::nullopt;
}

}  // namespace gatehouse::sim
