// Base64 and file texts of secrets, without leaving copies behind: each buffer is as large as
// needed from the start, and is wiped once its bytes are in a Secret.
#pragma once

#include <initializer_list>
#include <optional>
#include <string_view>

#include "base/secret.h"

namespace gatehouse::pki {

Secret encode_base64(std::string_view bytes);
/// As base64_decode of base/text.h: padded, without line ends, or nothing.
std::optional<Secret> decode_base64(std::string_view text);
Secret concatenate(std::initializer_list<std::string_view> parts);
/// Without blanks, tabs and line ends.
Secret without_blanks(std::string_view text);

}  // namespace gatehouse::pki
