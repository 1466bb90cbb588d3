// Changing a few places of a file and nothing else, so that an operator's comments, order and
// quoting survive a fault being put in.
#pragma once

#include <string>
#include <vector>

#include "diag/source.h"

namespace gatehouse::sim {

struct TextEdit {
  Position begin;
  Position end;  ///< equal to begin for an insertion
  std::string replacement;
};

/// Edits must not overlap; their order does not matter.
std::string with_edits(const Source& source, std::vector<TextEdit> edits);

/// Replaces what the span covers.
TextEdit replace_span(const Span& span, std::string replacement);
/// Whole lines, each text with its line feed, before that line.
TextEdit insert_lines(std::uint32_t before_line, std::string lines);
/// Both lines and all between.
TextEdit remove_lines(std::uint32_t first, std::uint32_t last);

}  // namespace gatehouse::sim
