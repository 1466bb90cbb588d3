// What a call of `juju` that did not work means. Standard output is not looked at before this: a
// failed command still prints a valid document, `{}`. Source: Juju 2.9 to 4.0, recorded outputs.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "effects/process.h"

namespace gatehouse::juju {

/// The text after "ERROR", which may stand on the next line (Juju 4.0), up to the next log line;
/// else the last line. One line, printable, cut at 400 bytes.
std::string error_text(std::string_view err);

/// Whether a command that was to make something says that it is there already.
bool says_that_it_exists(std::string_view err);

/// The Error of an exit code other than 0: denied where Juju would have prompted for a login or its
/// login is stale, unavailable where the controller was not reached or the client's store is
/// locked, not_found for an unknown controller or model, invalid_input for wrong arguments (exit
/// 2), else malformed.
Error failure_of(const ProcessResult& result, const std::string& controller);

/// The standard output of a call that worked; what is said on standard error beside exit 0 is no
/// failure. Otherwise failure_of, or the error of the process runner with a word of help.
Result<std::string> output_of(const Result<ProcessResult>& result, const std::string& controller);

}  // namespace gatehouse::juju
