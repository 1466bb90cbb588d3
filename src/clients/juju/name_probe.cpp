#include "clients/juju/name_probe.h"

#include <algorithm>

#include "base/ipv4.h"
#include "base/text.h"
#include "base/shell_quote.h"

namespace gatehouse::juju {

namespace {

// "10.0.0.1", "10.0.0.1#dns.example" (name of a TLS server), "10.0.0.1:53", "fe80::1%eth0".
std::string address_of(std::string_view word) {
  word = word.substr(0, word.find('#'));
  const auto colon = word.find(':');
  if (colon != std::string_view::npos && word.find(':', colon + 1) == std::string_view::npos) {
    word = word.substr(0, colon);
  }
  if (parse_ipv4(word)) return std::string(word);
  const std::string_view core = word.substr(0, word.find('%'));
  const auto is_v6 = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':';
  };
  const bool is_address = std::count(core.begin(), core.end(), ':') >= 2 &&
                          std::all_of(core.begin(), core.end(), is_v6);
  return is_address ? std::string(word) : std::string{};
}

void add_resolvers(std::string_view text, ProbeAnswer& answer) {
  for (const std::string& word : words_of(text)) {
    const std::string address = address_of(word);
    auto& known = answer.resolvers;
    if (address.empty() || std::find(known.begin(), known.end(), address) != known.end()) continue;
    known.push_back(address);
  }
}

/// The part of a line of resolvectl that lists servers, or nothing.
std::string_view servers_of(std::string_view line) {
  if (line.starts_with("resolver ")) return line.substr(9);
  const auto colon = line.find(": ");
  if (colon == std::string_view::npos) return {};
  const std::string_view label = line.substr(0, colon);
  const bool is_list = label == "Global" || label == "DNS Servers" || label == "DNS Server" ||
                       label == "Current DNS Server" ||
                       (label.starts_with("Link ") && label.ends_with(")"));
  return is_list ? line.substr(colon + 2) : std::string_view{};
}

}  // namespace

std::string name_probe(std::span<const std::string> names) {
  std::string script;
  for (const std::string& name : names) {
    script += "if getent hosts " + shell_quote(name) + " >/dev/null 2>&1; then echo " +
              shell_quote("name " + name + " ok") + "; else echo " +
              shell_quote("name " + name + " fail") + "; fi; ";
  }
  return script + "resolvectl dns 2>/dev/null || resolvectl status 2>/dev/null || true";
}

ProbeAnswer read_name_probe(std::string_view out) {
  ProbeAnswer answer;
  bool is_list_open = false;
  for (const std::string_view raw : lines_of(out)) {
    const std::string_view line = trim(raw);
    const std::vector<std::string> words = words_of(line);
    if (words.size() == 3 && words[0] == "name" && (words[2] == "ok" || words[2] == "fail")) {
      answer.resolved[words[1]] = words[2] == "ok";
      is_list_open = false;
      continue;
    }
    const std::string_view servers = servers_of(line);
    if (!servers.empty()) {
      add_resolvers(servers, answer);
      is_list_open = true;
    } else if (is_list_open && words.size() == 1 && !address_of(words[0]).empty()) {
      // `resolvectl status` puts each further server on a line of its own.
      add_resolvers(line, answer);
    } else {
      is_list_open = false;
    }
  }
  return answer;
}

}  // namespace gatehouse::juju
