#include "diag/diagnostic.h"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "base/text.h"

namespace gatehouse {

namespace {

constexpr std::size_t kShownColumnsMax = 160;

std::string_view colour_of(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "\x1b[31m";
    case Severity::warning:
      return "\x1b[33m";
    case Severity::note:
      return "\x1b[36m";
  }
  return "";
}

// The line as it can be shown and the caret under the span's first code point.
std::string quoted_line(const Span& span) {
  const std::string_view line = span.source->line(span.begin.line);
  std::string shown, caret;
  std::uint32_t column = 0;
  const std::uint32_t last = span.end.line == span.begin.line && span.end.column > span.begin.column
                                 ? span.end.column - 1
                                 : span.begin.column;
  for (std::size_t at = 0; at < line.size() && column < kShownColumnsMax;) {
    std::size_t length = 1;
    while (at + length < line.size() &&
           (static_cast<unsigned char>(line[at + length]) & 0xc0) == 0x80) {
      ++length;
    }
    ++column;
    const std::string cell = line[at] == '\t' ? " " : printable(line.substr(at, length));
    const bool is_wide = cell.size() != length;  // An escape takes a column for each character.
    shown += cell;
    const char mark = column == span.begin.column                    ? '^'
                      : column > span.begin.column && column <= last ? '~'
                                                                     : ' ';
    caret += std::string(is_wide ? cell.size() : 1, mark);
    at += length;
  }
  if (span.begin.column > column && column < kShownColumnsMax) caret += '^';
  while (!caret.empty() && caret.back() == ' ') caret.pop_back();
  std::string text = fmt::format("{:>5} | {}\n", span.begin.line, shown);
  if (!caret.empty()) text += fmt::format("      | {}\n", caret);
  return text;
}

std::string heading(const Diagnostic& diagnostic, Colour colour) {
  std::string place = to_string(diagnostic.span);
  if (!place.empty()) place += ": ";
  const std::string severity = colour == Colour::on
                                   ? fmt::format("{}{}\x1b[0m", colour_of(diagnostic.severity),
                                                 to_string(diagnostic.severity))
                                   : to_string(diagnostic.severity);
  return fmt::format("{}{}: {} [{}]\n", printable(place), severity, printable(diagnostic.message),
                     diagnostic.code);
}

bool can_quote(const Span& span) {
  return span.source && !span.source->is_secret() && span.begin.line != 0;
}

}  // namespace

std::string to_string(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "error";
    case Severity::warning:
      return "warning";
    case Severity::note:
      return "note";
  }
  return "error";
}

void sort_diagnostics(std::vector<Diagnostic>& diagnostics) {
  const auto key = [](const Diagnostic& d) {
    return std::make_tuple(d.span.source ? std::string_view(d.span.source->path()) : "",
                           d.span.begin, std::string_view(d.code), std::string_view(d.message));
  };
  std::stable_sort(diagnostics.begin(), diagnostics.end(),
                   [&](const auto& a, const auto& b) { return key(a) < key(b); });
}

std::string render(const Diagnostic& diagnostic, Colour colour) {
  std::string text = heading(diagnostic, colour);
  if (!diagnostic.is_withheld && can_quote(diagnostic.span)) text += quoted_line(diagnostic.span);
  for (const Label& label : diagnostic.related) {
    text +=
        fmt::format("  {}: note: {}\n", printable(to_string(label.span)), printable(label.message));
    if (can_quote(label.span)) text += quoted_line(label.span);
  }
  if (!diagnostic.help.empty())
    text += fmt::format("      = help: {}\n", printable(diagnostic.help));
  return text;
}

json::object to_json(const Diagnostic& diagnostic) {
  json::object object{{"code", diagnostic.code},
                      {"severity", to_string(diagnostic.severity)},
                      {"message", printable(diagnostic.message)}};
  if (diagnostic.span.source) {
    object["file"] = diagnostic.span.source->path();
    if (diagnostic.span.begin.line != 0) {
      object["line"] = diagnostic.span.begin.line;
      object["column"] = diagnostic.span.begin.column;
    }
  }
  object["help"] = printable(diagnostic.help);
  if (!diagnostic.subject.empty()) object["subject"] = printable(diagnostic.subject);
  if (!diagnostic.accepted_because.empty()) {
    object["reason"] = printable(diagnostic.accepted_because);
  }
  return object;
}

bool has_error(const std::vector<Diagnostic>& diagnostics) {
  return std::any_of(diagnostics.begin(), diagnostics.end(),
                     [](const auto& d) { return d.severity == Severity::error; });
}

}  // namespace gatehouse
