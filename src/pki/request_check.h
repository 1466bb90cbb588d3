// Is what the operator asks for something that a certificate can say?
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "pki/create.h"

namespace gatehouse::pki {

/// invalid_input with the flag or value that cannot be used.
Result<void> check_request(const PkiRequest& request);

/// The CAs are called by the request's name and these.
inline constexpr std::string_view kIssuingCaSuffix = " Issuing CA";
inline constexpr std::string_view kControllerCaSuffix = " Controller CA";

/// invalid_input with the one that is no DNS name or no IP address.
Result<void> check_alternative_names(const std::vector<std::string>& dns,
                                     const std::vector<std::string>& ips);

/// The common name of the controller certificate: the first DNS name that fits into one, or a fixed
/// word where there is none.
std::string common_name_of(const std::vector<std::string>& dns);

}  // namespace gatehouse::pki
