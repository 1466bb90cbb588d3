// Commands on hosts through the system's OpenSSH client, with the operator's own configuration: its
// users, ports, keys, jump hosts and host-key policy. Never a prompt: BatchMode, no terminal, empty
// standard input (a remote command that reads its input would eat its caller's).
#pragma once

#include <string>

#include "base/result.h"
#include "effects/process.h"

namespace gatehouse::ssh {

/// Names that mean this very machine: no ssh then.
bool is_here(const std::string& host);

/// invalid_input for a host that ssh could take for an option, or with blanks in it.
Result<Command> remote_command(const std::string& host, const std::string& script);

/// The Error of exit 255, ssh's own: denied for a refused host key and for a refused login (told
/// apart by text and help), else unavailable.
Error ssh_failure(const std::string& host, const std::string& err);

}  // namespace gatehouse::ssh
