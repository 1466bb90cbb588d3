// A remark about text that the operator wrote: what is wrong, where, and what to do. Parsers
// collect all of them. Nothing here prints; `render` returns text. Start at Diagnostic.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "diag/source.h"

namespace gatehouse {

enum class Severity { error, warning, note };

struct Label {
  Span span;
  std::string message;
};

struct Diagnostic {
  Severity severity = Severity::error;
  std::string code;     ///< stable: "bundle/duplicate-key"
  Span span;            ///< without a source where there is no text to point at
  std::string message;  ///< lower case, what was found and what was wanted
  std::string help;     ///< what to do; "" where nothing is known
  std::vector<Label> related;
  std::string subject = {};  ///< for `accept`: the application, machine or option it is about
  bool is_withheld = false;  ///< the line there holds a secret: show the place, never the text
  std::string accepted_because = {};  ///< the site file's reason; "" where it accepts nothing
};

enum class Colour { off, on };

std::string to_string(Severity severity);

/// By source path, line, column, code.
void sort_diagnostics(std::vector<Diagnostic>& diagnostics);

/// `file:line:column: severity: message [code]`, the line with a caret below, then the help.
/// Of a secret source the place only.
std::string render(const Diagnostic& diagnostic, Colour colour);

/// {"code","severity","message","file","line","column","help"}: CONTRACT.md, "Everywhere".
json::object to_json(const Diagnostic& diagnostic);

bool has_error(const std::vector<Diagnostic>& diagnostics);

}  // namespace gatehouse
