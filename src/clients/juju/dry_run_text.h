// What `juju deploy --dry-run` prints, read by its grammar. Standard output: one heading, then a
// line
// "- ..." for each change. Standard error: warnings, "Located charm" lines, a refusal. Source: Juju
// 3.6.28, cmd/juju/application/deployer; 2.9 words the changes otherwise, in the same grammar.
#pragma once

#include <string_view>

#include "base/result.h"
#include "effects/process.h"
#include "facts/facts.h"

namespace gatehouse::juju {

/// `controller` is named in errors. A refusal of the bundle is a value (DryRun::refusal); a stale
/// login, a controller not reached or an unknown model is the Error of failure_of, and an output
/// outside the grammar is malformed.
Result<DryRun> decode_dry_run(const ProcessResult& result, const std::string& controller);

}  // namespace gatehouse::juju
