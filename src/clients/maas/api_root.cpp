#include "clients/maas/api_root.h"

#include <algorithm>

#include "base/text.h"

namespace gatehouse::maas {

namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

// The part of the path that belongs to the MAAS URL: what people paste may go on into the API or
// into the pages of the user interface.
std::string maas_path(std::string_view path) {
  std::string kept;
  for (const std::string& part : split(path, '/')) {
    if (part.empty()) continue;
    if (part == "api") break;
    kept += "/" + part;
    if (part == "MAAS") return kept;
  }
  return kept + "/MAAS";
}

}  // namespace

Result<std::string> api_root(std::string_view url) {
  constexpr std::string_view kHelp = "as in http://maas.example:5240/MAAS";
  std::string_view rest = trim(url);
  std::string scheme = "http";
  if (const auto at = rest.find("://"); at != std::string_view::npos) {
    scheme = lower(rest.substr(0, at));
    rest.remove_prefix(at + 3);
  }
  if (scheme != "http" && scheme != "https") {
    return fail(ErrorKind::invalid_input,
                "MAAS URL: http or https is expected, observed " + printable(scheme),
                std::string(kHelp));
  }
  rest = rest.substr(0, rest.find_first_of("?#"));
  const auto slash = rest.find('/');
  const std::string_view host = rest.substr(0, slash);
  if (host.find('@') != std::string_view::npos) {
    return fail(ErrorKind::invalid_input, "MAAS URL: a user name in it is not used by MAAS",
                "put the API key into a file and name it as key_file");
  }
  const auto is_odd = [](char c) { return c <= ' ' || c == '\x7f' || c == '"' || c == '\\'; };
  if (host.empty() || host.front() == ':' || std::any_of(rest.begin(), rest.end(), is_odd)) {
    return fail(ErrorKind::invalid_input, "MAAS URL: no usable host in " + printable(url),
                std::string(kHelp));
  }
  const std::string_view path = slash == std::string_view::npos ? "" : rest.substr(slash);
  return scheme + "://" + lower(host) + maas_path(path) + "/api/2.0/";
}

}  // namespace gatehouse::maas
