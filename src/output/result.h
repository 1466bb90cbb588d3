// What a command that judges found: one model for every way of printing it. Writers are in write.h.
// Nothing here knows which command filled it, and no text of a secret file enters it: a Diagnostic
// names places. Start at CommandResult.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "diag/diagnostic.h"

namespace gatehouse {

enum class OutputFormat { text, json, sarif, junit };

/// "text", "json", "sarif" or "junit"; nothing for another word.
std::optional<OutputFormat> parse_output_format(std::string_view word);

/// `--strict` refuses what is tolerated otherwise.
enum class Warnings { tolerated, refused };

/// One comparison of a gate. `ruling` is "pass", "fail" or "unknown".
struct CheckRow {
  std::string subject;
  std::string expected;
  std::string observed;
  std::string ruling;
  Span span = {};         ///< the operator's line that promised it
  std::string help = {};  ///< the next command, where it does not hold
};

struct VerdictRow {
  std::string gate;
  std::string question;  ///< in plain words
  std::string ruling;    ///< as of a check; it is the worst of them
  std::vector<CheckRow> checks;
  std::vector<Diagnostic> findings;  ///< remarks that never change the ruling
  json::object record;               ///< as the journal keeps it; JSON output prints it unchanged
};

/// The sources that its spans point into must outlive it.
struct CommandResult {
  std::string command;               ///< "bundle check"
  std::string version;               ///< of the program
  std::string subject;               ///< the file that was judged; "" where there is no single one
  std::vector<Diagnostic> findings;  ///< what counts
  std::vector<Diagnostic> accepted;  ///< what the site file accepts; printed, and does not count
  std::optional<std::vector<VerdictRow>> verdicts;  ///< absent where the command judges no gate
  Warnings warnings = Warnings::tolerated;
  json::object more;      ///< further members of the JSON document
  std::string text_more;  ///< what the text says beyond findings and verdicts, with line feeds
};

/// Whether a finding makes the command end with 1. Notes never do.
bool fails(const std::vector<Diagnostic>& findings, Warnings warnings);

struct SeverityCounts {
  std::size_t errors = 0;
  std::size_t warnings = 0;
  std::size_t notes = 0;
};

SeverityCounts count_severities(const std::vector<Diagnostic>& findings);

}  // namespace gatehouse
