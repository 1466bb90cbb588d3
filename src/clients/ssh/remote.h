// Commands on hosts through the system's OpenSSH client, with the operator's own configuration: its
// users, ports, keys, jump hosts and host-key policy. Never a prompt: BatchMode, no terminal, empty
// standard input (a remote command that reads its input would eat its caller's). A connection stays
// open for a minute and is used again. Start at remote_command. Source: OpenSSH 9.2.
#pragma once

#include <string>

#include "base/result.h"
#include "effects/effects.h"
#include "facts/questions.h"

namespace gatehouse::ssh {

/// Whether the name means this very machine: no ssh then.
bool is_here(const SshAccess& access, const std::string& host);

/// Makes SshAccess::control_folder, 0700, where it is not there. An access without one where it
/// cannot be used: not ours, open to others, or of so long a name that no socket fits into it.
SshAccess with_reuse_where_possible(SshAccess access, FileStore& files);

/// invalid_input for a host that ssh could take for an option, or with blanks in it.
Result<Command> remote_command(const SshAccess& access, const std::string& host,
                               const std::string& script);

/// The exit code by which ssh tells of its own trouble.
inline constexpr int kSshTrouble = 255;

/// The Error of that code. denied where the host key is another than was known, where ssh would
/// have had to ask somebody (an unknown host key, a password, a password that ran out), and where
/// the login is refused, each in its own words; else unavailable.
Error ssh_failure(const std::string& host, const std::string& err);

/// The last line that says anything, safe to print, at most 200 bytes.
std::string last_line(std::string_view text);

}  // namespace gatehouse::ssh
