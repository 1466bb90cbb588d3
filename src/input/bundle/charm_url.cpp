#include "input/bundle/charm_url.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "input/bundle/constraints.h"
#include "input/bundle/go_text.h"
#include "input/bundle/names.h"

namespace gatehouse::bundle {

namespace {

// What net/url makes of the text.
struct WebUrl {
  std::string scheme;
  std::string opaque;  // After the scheme, where no slash follows it.
  std::string path;    // As it is printed.
  std::string authority;
  bool has_more = false;  // A query, a fragment or a user.
};

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// False where the text begins with a colon.
bool take_scheme(std::string_view& rest, std::string& scheme) {
  for (std::size_t at = 0; at < rest.size(); ++at) {
    const char c = rest[at];
    if (is_letter(c)) continue;
    if (c == ':') {
      if (at == 0) return false;
      scheme = std::string(rest.substr(0, at));
      for (char& letter : scheme) {
        if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter + ('a' - 'A'));
      }
      rest.remove_prefix(at + 1);
      return true;
    }
    const bool may_follow = is_digit(c) || c == '+' || c == '-' || c == '.';
    if (!may_follow || at == 0) return true;
  }
  return true;
}

bool has_bad_escape(std::string_view path) {
  const auto is_hex = [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  };
  for (std::size_t at = 0; at < path.size(); ++at) {
    if (path[at] != '%') continue;
    if (at + 2 >= path.size() || !is_hex(path[at + 1]) || !is_hex(path[at + 2])) return true;
  }
  return false;
}

std::string escaped_path(std::string_view path) {
  constexpr std::string_view kPlain = "-_.~$&+/:=@!'()*,;[]%";
  const bool is_plain = std::all_of(path.begin(), path.end(), [&](char c) {
    return is_letter(c) || is_digit(c) || kPlain.find(c) != std::string_view::npos;
  });
  if (is_plain) return std::string(path);
  constexpr std::string_view kKept = "-_.~$&+/:=@";
  std::string escaped;
  for (const char c : path) {
    if (is_letter(c) || is_digit(c) || kKept.find(c) != std::string_view::npos) {
      escaped += c;
    } else {
      escaped += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return escaped;
}

std::optional<WebUrl> parse_web_url(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return std::nullopt;
  }
  WebUrl url;
  std::string_view rest = text;
  if (const std::size_t hash = rest.find('#'); hash != std::string_view::npos) {
    url.has_more = hash + 1 < rest.size();
    rest = rest.substr(0, hash);
  }
  if (!take_scheme(rest, url.scheme)) return std::nullopt;
  if (const std::size_t query = rest.find('?'); query != std::string_view::npos) {
    url.has_more = url.has_more || query + 1 < rest.size();
    rest = rest.substr(0, query);
  }
  if (!rest.starts_with('/')) {
    if (!url.scheme.empty()) {
      url.opaque = std::string(rest);
      return url;
    }
    if (rest.substr(0, rest.find('/')).find(':') != std::string_view::npos) return std::nullopt;
  }
  if (rest.starts_with("//") && (!url.scheme.empty() || !rest.starts_with("///"))) {
    const std::size_t end = std::min(rest.find('/', 2), rest.size());
    url.authority = std::string(rest.substr(2, end - 2));
    url.has_more = url.has_more || url.authority.find('@') != std::string::npos;
    rest.remove_prefix(end);
  }
  if (has_bad_escape(rest)) return std::nullopt;
  url.path = std::string(rest);
  return url;
}

std::string to_string(const WebUrl& url) {
  std::string text = url.scheme.empty() ? "" : url.scheme + ":";
  if (!url.opaque.empty()) return text + url.opaque;
  if (!url.authority.empty()) text += "//" + url.authority;
  return text + escaped_path(url.path);
}

// "foo-3" is foo of revision 3.
void take_name(CharmUrl& url, std::string_view text) {
  const std::size_t dash = text.rfind('-');
  const bool has_revision =
      dash != std::string_view::npos && dash > 0 && dash + 1 < text.size() &&
      std::all_of(text.begin() + static_cast<std::ptrdiff_t>(dash) + 1, text.end(), is_digit);
  if (has_revision) {
    const std::string_view digits = text.substr(dash + 1);
    std::from_chars(digits.data(), digits.data() + digits.size(), url.revision);
    text = text.substr(0, dash);
  }
  url.name = std::string(text);
}

CharmUrl refused(std::string error) {
  CharmUrl url;
  url.error = std::move(error);
  return url;
}

std::string name_error(const CharmUrl& url) {
  return is_application_name(url.name) ? "" : fmt::format("name {} not valid", go_quote(url.name));
}

CharmUrl parse_local(const WebUrl& web, const std::string& text) {
  const std::string shown = go_quote(to_string(web));
  if (web.scheme != "local") {
    return refused(
        fmt::format("cannot parse URL {}: schema {} not valid", shown, go_quote(web.scheme)));
  }
  const std::vector<std::string> parts = split(web.opaque, '/');
  if (parts.size() > 4) {
    return refused(fmt::format("charm or bundle URL has invalid form: {}", go_quote(text)));
  }
  if (parts[0].starts_with('~')) {
    return refused(fmt::format("local charm or bundle URL with user name: {}", go_quote(text)));
  }
  if (parts.size() > 2) {
    return refused(fmt::format("charm or bundle URL has invalid form: {}", go_quote(text)));
  }
  CharmUrl url;
  url.schema = "local";
  if (parts.size() == 2) {
    url.series = parts[0];
    if (!is_series_name(url.series)) {
      return refused(fmt::format("cannot parse URL {}: series name {} not valid", go_quote(text),
                                 go_quote(url.series)));
    }
  }
  take_name(url, parts.back());
  if (const std::string error = name_error(url); !error.empty()) {
    return refused(fmt::format("cannot parse URL {}: {}", shown, error));
  }
  return url;
}

CharmUrl parse_store(const WebUrl& web) {
  const std::string shown = go_quote(to_string(web));
  std::string_view path = web.opaque.empty() ? web.path : web.opaque;
  while (path.starts_with('/')) path.remove_prefix(1);
  while (path.ends_with('/')) path.remove_suffix(1);
  const std::vector<std::string> parts = split(path, '/');
  if (parts.size() > 3) return refused(fmt::format("charm or bundle URL {} malformed", shown));
  if (parts[0].starts_with('~')) {
    return refused(fmt::format("charmhub charm or bundle URL with user name: {} not valid", shown));
  }
  CharmUrl url;
  url.schema = "ch";
  if (parts.size() == 3) {
    url.architecture = parts[0];
    url.series = parts[1];
    if (!is_architecture(url.architecture)) {
      return refused(fmt::format("in URL {}: architecture name {} not valid", shown,
                                 go_quote(url.architecture)));
    }
  } else if (parts.size() == 2) {
    (is_architecture(parts[0]) ? url.architecture : url.series) = parts[0];
  }
  take_name(url, parts.back());
  if (const std::string error = name_error(url); !error.empty()) {
    return refused(fmt::format("cannot parse name and/or revision in URL {}: {}", shown, error));
  }
  if (!url.series.empty() && !is_series_name(url.series)) {
    return refused(fmt::format("in URL {}: series name {} not valid", shown, go_quote(url.series)));
  }
  return url;
}

}  // namespace

CharmUrl parse_charm_url(const std::string& text) {
  // A bare name, as almost every bundle has it: no part of it can be a revision.
  if (is_application_name(text)) {
    CharmUrl url;
    url.schema = "ch";
    url.name = text;
    return url;
  }
  const auto web = parse_web_url(text);
  if (!web) return refused(fmt::format("cannot parse charm or bundle URL: {}", go_quote(text)));
  if (web->has_more) {
    return refused(fmt::format("charm or bundle URL {} has unrecognized parts", go_quote(text)));
  }
  const bool is_other = web->scheme != "ch" && !web->opaque.empty();
  return is_other ? parse_local(*web, text) : parse_store(*web);
}

std::string to_string(const CharmUrl& url) {
  std::string text = url.schema + ":";
  if (!url.architecture.empty()) text += url.architecture + "/";
  if (!url.series.empty()) text += url.series + "/";
  text += url.name;
  if (url.revision >= 0) text += fmt::format("-{}", url.revision);
  return text;
}

}  // namespace gatehouse::bundle
