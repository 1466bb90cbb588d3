#include "gates/message_parts.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/text.h"

namespace gatehouse {

namespace {

constexpr std::string_view kHeadingEnd = ": ";
// Beyond this a message is compared as a whole: no charm joins so many, and matching is quadratic.
constexpr std::size_t kPartsMax = 32;

std::string_view trim_left(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(" \t"), text.size()));
}

// The heading of the first item is that of all its clause.
void add_items(std::string_view clause, std::vector<std::string>& parts) {
  std::string_view heading;
  bool is_first = true;
  for (const std::string& raw : split(clause, ',')) {
    const std::string_view item = trim(raw);
    if (item.empty()) continue;
    parts.push_back(std::string(heading) + std::string(item));
    if (!is_first) continue;
    is_first = false;
    const std::size_t end = clause.find(kHeadingEnd);
    const std::size_t comma = clause.find(',');
    if (end < comma) heading = trim_left(clause.substr(0, end + kHeadingEnd.size()));
  }
}

bool may_match_more(std::string_view glob) {
  return glob.starts_with('*') || glob.ends_with('*');
}

struct GlobMatching {
  const std::vector<std::string>& globs;
  const std::vector<std::string>& parts;
  std::vector<std::size_t> glob_of = {};  ///< by part; globs.size() where it is free

  // One step of the augmenting paths that match globs with parts.
  bool place(std::size_t glob, std::vector<bool>& tried) {
    for (std::size_t part = 0; part < parts.size(); ++part) {
      if (tried[part] || !glob_matches(globs[glob], parts[part])) continue;
      tried[part] = true;
      if (glob_of[part] == globs.size() || place(glob_of[part], tried)) {
        glob_of[part] = glob;
        return true;
      }
    }
    return false;
  }

  bool is_complete() {
    glob_of.assign(parts.size(), globs.size());
    for (std::size_t glob = 0; glob < globs.size(); ++glob) {
      std::vector<bool> tried(parts.size(), false);
      if (!place(glob, tried)) return false;
    }
    return true;
  }
};

bool parts_match(const std::vector<std::string>& globs, const std::vector<std::string>& parts) {
  if (globs.size() < 2 || globs.size() > parts.size() || parts.size() > kPartsMax) return false;
  if (globs.size() < parts.size() && std::none_of(globs.begin(), globs.end(), may_match_more)) {
    return false;
  }
  return GlobMatching{globs, parts}.is_complete();
}

std::vector<std::string> quoted_words(std::string_view part) {
  std::vector<std::string> words;
  for (std::size_t at = part.find('\''); at != part.npos; at = part.find('\'', at)) {
    const std::size_t end = part.find('\'', at + 1);
    if (end == part.npos) break;
    words.emplace_back(part.substr(at + 1, end - at - 1));
    at = end + 1;
  }
  return words;
}

bool is_word_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_';
}

struct Meaning {
  std::string_view word;
  std::array<std::string_view, 3> endpoints;
};

constexpr std::array kMeanings = {
    Meaning{"database", {"shared-db", "pgsql-db", "db"}},
    Meaning{"messaging", {"amqp", "", ""}},
    Meaning{"identity", {"identity-service", "identity-admin", "identity-credentials"}},
    Meaning{"image", {"image-service", "", ""}},
    Meaning{"compute", {"cloud-compute", "nova-compute", ""}},
    Meaning{"storage-backend", {"storage-backend", "ceph", "object-store"}},
    Meaning{"network-manager", {"neutron-api", "quantum-network-service", ""}},
    Meaning{"monitor", {"mon", "ceph", ""}},
};

}  // namespace

ShownMessage shown_message(std::string_view message) {
  static constexpr std::string_view kGood = "PO: ";
  static constexpr std::string_view kBroken = "PO (broken): ";
  if (message.starts_with(kGood)) return {std::string(message.substr(kGood.size())), false};
  if (message.starts_with(kBroken)) return {std::string(message.substr(kBroken.size())), true};
  return {std::string(message), false};
}

std::vector<std::string> message_parts(std::string_view message) {
  std::vector<std::string> parts;
  for (const std::string& clause : split(message, ';')) {
    add_items(clause, parts);
  }
  return parts;
}

bool message_matches(std::string_view pattern, std::string_view message) {
  if (glob_matches(pattern, message)) return true;
  // One part alone is the whole.
  if (pattern.find_first_of(",;") == pattern.npos) return false;
  return parts_match(message_parts(pattern), message_parts(message));
}

std::vector<std::string> endpoint_words(std::string_view part) {
  std::vector<std::string> words = quoted_words(part);
  if (!words.empty()) return words;
  if (const std::size_t heading = part.find(kHeadingEnd); heading != part.npos) {
    part = part.substr(heading + kHeadingEnd.size());
  }
  for (std::size_t at = 0; at < part.size();) {
    std::size_t end = at;
    while (end < part.size() && is_word_character(part[end])) ++end;
    if (end > at) words.emplace_back(part.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

std::vector<std::string_view> endpoints_meant(std::string_view word) {
  std::vector<std::string_view> endpoints = {word};
  for (const Meaning& meaning : kMeanings) {
    if (meaning.word != word) continue;
    for (const std::string_view endpoint : meaning.endpoints) {
      if (!endpoint.empty() && endpoint != word) endpoints.push_back(endpoint);
    }
  }
  return endpoints;
}

}  // namespace gatehouse
