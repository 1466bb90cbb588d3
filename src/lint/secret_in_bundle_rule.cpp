// What belongs into an overlay that is marked secret and kept out of version control.
#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "base/text.h"
#include "lint/places.h"
#include "lint/rule.h"

namespace gatehouse {

namespace {

constexpr std::array<std::string_view, 9> kSecretNames{
    "*password",    "*password-*", "*passphrase*", "*_password_*", "*secret*",
    "*private-key", "*-key",       "*_key",        "*-token"};

// Names that end like a secret and hold none: keys that are public, ids of keys, names of secrets.
constexpr std::array<std::string_view, 14> kOpenNames{
    "*public-key", "*public_key",   "*source-key",     "*source_key",    "*ssh-key",
    "*ssh_key",    "*archive-key",  "*archive_key",    "*gpg-key",       "*host-key",
    "*-name",      "*secret-store", "*secret-backend", "*authorized-key"};

template <class Globs>
bool matches_any(const Globs& globs, const std::string& name) {
  return std::any_of(globs.begin(), globs.end(),
                     [&](std::string_view glob) { return glob_matches(glob, name); });
}

bool is_private_key(const std::string& text) {
  const std::size_t begin = text.find("-----BEGIN ");
  if (begin == std::string::npos) return false;
  const std::string_view line =
      std::string_view(text).substr(begin, text.find('\n', begin) - begin);
  return line.find("PRIVATE KEY-----") != std::string_view::npos;
}

// Octavia takes its PEM options in base64.
bool holds_private_key(const std::string& text) {
  if (is_private_key(text)) return true;
  if (!text.starts_with("LS0tLS1CRUdJTi")) return false;
  const auto decoded = base64_decode(text);
  return decoded && is_private_key(*decoded);
}

// The file says where the value lies; what an include brings in lies elsewhere.
bool is_included(const Span& span) {
  return lint_places::written_at(span).find("include-") != std::string_view::npos;
}

bool is_secret_reference(const std::string& text) {
  return text.starts_with("secret:") || text.starts_with("secret://");
}

bool is_passphrase(const std::string& name, const OptionValue& option) {
  if (!option.value.is_string() || trim(option.text).empty()) return false;
  if (is_secret_reference(option.text)) return false;
  return matches_any(kSecretNames, name) && !matches_any(kOpenNames, name);
}

void judge(const LintCase& c, Findings& findings) {
  for (const auto& [name, application] : c.bundle.applications) {
    for (const auto& [key, option] : application.options) {
      if (lint_places::is_secret(option.span)) continue;
      const bool is_key = holds_private_key(option.text);
      if ((!is_key && !is_passphrase(key, option)) || is_included(option.span)) continue;
      // The place of the name, so that no excerpt shows more of the value than it must.
      findings.add({.span = lint_places::key_of(key, option.span),
                    .subject = name,
                    .message = is_key ? fmt::format("{} holds a private key in a file that is not "
                                                    "marked secret",
                                                    key)
                                      : fmt::format("{} is set to a literal value in a file that "
                                                    "is not marked secret",
                                                    key),
                    .help = "move it to an overlay of mode 0600 that version control ignores, and "
                            "change the value: whoever read the file knows it",
                    .severity = is_key ? Severity::error : Severity::warning,
                    .is_withheld = true});
    }
  }
}

}  // namespace

extern const Rule secret_in_bundle_rule;
const Rule secret_in_bundle_rule{
    .code = "bundle/secret-in-bundle",
    .severity = Severity::warning,
    .summary = "a key or a passphrase stands in a file that is not marked secret",
    .judge = judge,
};

}  // namespace gatehouse
