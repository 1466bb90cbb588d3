// How Go writes and joins texts: quoting as %q does, paths as path/filepath does. Juju's messages
// are made of these.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace gatehouse::bundle {

/// strconv.Quote: double quotes, Go's escapes, printable Unicode kept.
std::string go_quote(std::string_view text);
/// Each byte that is no UTF-8 becomes U+FFFD, as Go does where it writes JSON.
std::string go_valid(std::string_view text);
/// %q of a []string: ["a" "b"].
std::string go_quote_list(std::span<const std::string> texts);
/// The shortest digits that give the value back, without an exponent where its size lies in
/// [least, most) or is 0: strconv.FormatFloat as encoding/json and fmt use it.
std::string go_number(double value, double least, double most);
/// %v of a float64: the shortest digits, an exponent from 1e21 on and below 1e-4.
std::string go_float(double value);

/// filepath.Clean.
std::string clean_path(std::string_view path);
/// filepath.Join of two parts, or the second where it is absolute.
std::string resolve_path(std::string_view folder, std::string_view path);
/// filepath.Dir of a clean path.
std::string folder_of(std::string_view path);

}  // namespace gatehouse::bundle
