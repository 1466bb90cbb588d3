// SHA-256, as lower-case hexadecimal text. The one digest of the product.
#pragma once

#include <string>
#include <string_view>

namespace gatehouse {

/// 64 lower-case hexadecimal digits.
std::string sha256_hex(std::string_view bytes);

}  // namespace gatehouse
