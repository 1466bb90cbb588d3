// Quoting for a POSIX shell on the far side of ssh and `juju exec`, and for showing a command line.
// Nothing here runs anything; no local shell is ever used.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace gatehouse {

/// One word that a POSIX shell reads back as exactly this text; plain words stay as they are.
std::string shell_quote(std::string_view word);

/// The words, quoted and joined by blanks: what a person could paste.
std::string command_line(std::span<const std::string> argv);

}  // namespace gatehouse
