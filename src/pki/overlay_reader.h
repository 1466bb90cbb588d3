// The overlay as text and as YAML: is it one clean document that gives the five options, and
// nothing else, to the one application? What the five values say is judged elsewhere (verify.h).
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "diag/source.h"
#include "input/yaml/tree.h"
#include "pki/findings.h"

namespace gatehouse::pki {

/// In the order of the runbook (Step 1.0-GEN.d).
enum class Option {
  issuing_cacert,
  issuing_ca_private_key,
  issuing_ca_key_passphrase,
  controller_cacert,
  controller_cert,
};

/// The names that the charm octavia gives them.
inline constexpr std::array<std::string_view, 5> kOptionNames{
    "lb-mgmt-issuing-cacert", "lb-mgmt-issuing-ca-private-key", "lb-mgmt-issuing-ca-key-passphrase",
    "lb-mgmt-controller-cacert", "lb-mgmt-controller-cert"};

inline constexpr std::string_view name_of(Option option) {
  return kOptionNames[static_cast<std::size_t>(option)];
}

struct OptionValue {
  std::string_view text;  ///< unescaped; belongs to the document
  Span span;
};

struct OverlayDocument {
  yaml::File file;
  /// Only what is there, is text and is not empty.
  std::array<std::optional<OptionValue>, 5> values;
  Span options;  ///< where the options begin, or the file where there are none

  const std::optional<OptionValue>& value(Option option) const {
    return values[static_cast<std::size_t>(option)];
  }
  /// The option's value, or the options as a whole where it is absent.
  Place place(Option option) const;
};

/// Reports yaml-invalid, multi-document, duplicate-key, application-missing, option-missing,
/// option-empty, option-type, unexpected-key, extra-content, non-ascii, control-char and crlf.
OverlayDocument read_overlay(const Source& source, const std::string& application,
                             Findings& findings);

}  // namespace gatehouse::pki
