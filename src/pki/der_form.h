// Distinguished Encoding Rules: one way to write each value. OpenSSL reads more (BER); Python's
// cryptography, with which Octavia reads certificates, does not.
#pragma once

#include <string_view>

namespace gatehouse::pki {

/// Whether every length in it is definite and as short as can be (X.690, 10.1), down to what is
/// not constructed.
bool has_der_lengths(std::string_view bytes);

}  // namespace gatehouse::pki
