// Writers of a CommandResult. Each returns the whole document with its final line feed, holds no
// control character but line feeds, and shows of a secret file places only.
// docs/formats/output.md describes what they write.
#pragma once

#include <string>

#include "output/result.h"

namespace gatehouse {

std::string write(const CommandResult& result, OutputFormat format);

/// Findings with their lines and carets, then verdicts, then a line that counts them.
std::string write_text(const CommandResult& result);
/// {"findings":[...]} or {"verdicts":[...],"findings":[...]} and what else the result has.
std::string write_json(const CommandResult& result);
/// SARIF 2.1.0 (OASIS, 27 March 2020): one run, one rule for each code and gate.
std::string write_sarif(const CommandResult& result);
/// JUnit XML: one test case for each check of a gate and for each code of a finding.
std::string write_junit(const CommandResult& result);

}  // namespace gatehouse
