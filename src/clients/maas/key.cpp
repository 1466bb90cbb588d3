#include "clients/maas/key.h"

#include <algorithm>
#include <array>
#include <string>

#include <fmt/format.h>

#include "base/text.h"

namespace gatehouse::maas {

namespace {

constexpr std::size_t kNonceBytes = 16;

std::string hexadecimal(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) out += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return out;
}

// MAAS makes keys of letters and digits; only what could break out of a header is refused.
bool is_key_character(char c) {
  return c > ' ' && c < '\x7f' && c != '"' && c != '\\' && c != ',';
}

}  // namespace

bool Key::occurs_in(std::string_view text) const {
  const auto holds = [text](const Secret& part) {
    return !part.empty() && text.find(part.reveal()) != std::string_view::npos;
  };
  return holds(consumer) || holds(token) || holds(secret);
}

Result<Key> parse_key(std::string_view text) {
  const std::string_view line = trim(text.substr(0, std::min(text.size(), std::size_t{4096})));
  const std::string_view core = line.substr(0, line.find_last_not_of("\r\n \t") + 1);
  const auto first = core.find(':');
  const auto second = first == std::string_view::npos ? first : core.find(':', first + 1);
  const bool has_three = second != std::string_view::npos && first > 0 && second > first + 1 &&
                         second + 1 < core.size() &&
                         core.find(':', second + 1) == std::string_view::npos;
  const auto is_good = [](char c) { return c == ':' || is_key_character(c); };
  if (!has_three || !std::all_of(core.begin(), core.end(), is_good)) {
    return fail(ErrorKind::invalid_input,
                "MAAS API key: three parts joined by colons are expected, observed another form",
                "copy the key from the MAAS user's preferences, API keys");
  }
  return Key{.consumer = Secret(core.substr(0, first)),
             .token = Secret(core.substr(first + 1, second - first - 1)),
             .secret = Secret(core.substr(second + 1))};
}

Result<HttpHeader> authorization_header(const Key& key, Moment now, Entropy& entropy) {
  const Result<std::string> nonce = entropy.bytes(kNonceBytes);
  if (!nonce) return fail(with_context(nonce.error(), "making a nonce for MAAS"));
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  HttpHeader header{.name = "Authorization", .value = {}, .is_secret = true};
  const std::string open_part = fmt::format(
      "OAuth oauth_nonce=\"{}\", oauth_timestamp=\"{}\", oauth_version=\"1.0\", "
      "oauth_signature_method=\"PLAINTEXT\"",
      hexadecimal(*nonce), seconds);
  // Put together in the one place that is wiped: fmt would leave the key in its buffer on the
  // stack.
  const std::array<std::string_view, 8> parts{
      open_part,          ", oauth_consumer_key=\"",   key.consumer.reveal(), "\", oauth_token=\"",
      key.token.reveal(), "\", oauth_signature=\"%26", key.secret.reveal(),   "\""};
  std::size_t size = 0;
  for (const std::string_view part : parts) size += part.size();
  header.value.reserve(size);
  for (const std::string_view part : parts) header.value += part;
  return header;
}

}  // namespace gatehouse::maas
