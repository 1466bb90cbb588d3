// From the value of an option to its PEM text.
#pragma once

#include <optional>

#include "base/secret.h"
#include "pki/findings.h"
#include "pki/overlay_reader.h"
#include "pki/pem_blocks.h"

namespace gatehouse::pki {

struct OptionText {
  Place place;
  Secret text;
  PemText pem;  ///< its blocks point into `text`
};

/// Reports base64-invalid, pem-none, pem-incomplete, pem-crlf and pem-junk; nothing where there is
/// no PEM block at all.
std::optional<OptionText> read_option_text(const OverlayDocument& document, Option option,
                                           Findings& findings);

}  // namespace gatehouse::pki
