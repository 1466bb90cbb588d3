// Is what the operator asks for something that a certificate can say?
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "pki/create.h"

namespace gatehouse::pki {

/// invalid_input with the flag or value that cannot be used.
Result<void> check_request(const PkiRequest& request);

/// The CAs are called by the request's name and these.
inline constexpr std::string_view kIssuingCaSuffix = " Issuing CA";
inline constexpr std::string_view kControllerCaSuffix = " Controller CA";

/// The common name of the controller certificate: the first DNS name that fits into one, or a fixed
/// word where there is none.
std::string controller_common_name(const PkiRequest& request);

}  // namespace gatehouse::pki
