#include "pki/findings.h"

#include <algorithm>
#include <utility>

namespace gatehouse::pki {

namespace {

Diagnostic make(Severity severity, std::string_view code, const Place& place, std::string message,
                std::string help) {
  Diagnostic diagnostic;
  diagnostic.severity = severity;
  diagnostic.code = code;
  diagnostic.span = place.span;
  diagnostic.message = std::move(message);
  diagnostic.help = std::move(help);
  diagnostic.subject = place.option;
  return diagnostic;
}

}  // namespace

void Findings::error(std::string_view code, const Place& place, std::string message,
                     std::string help) {
  diagnostics_.push_back(make(Severity::error, code, place, std::move(message), std::move(help)));
}

void Findings::warning(std::string_view code, const Place& place, std::string message,
                       std::string help) {
  diagnostics_.push_back(make(Severity::warning, code, place, std::move(message), std::move(help)));
}

void Findings::note(std::string_view code, const Place& place, std::string message,
                    std::string help) {
  diagnostics_.push_back(make(Severity::note, code, place, std::move(message), std::move(help)));
}

void Findings::strict_error(std::string_view code, const Place& place, std::string message,
                            std::string help) {
  const Severity severity = strictness_ == Strictness::strict ? Severity::error : Severity::warning;
  diagnostics_.push_back(make(severity, code, place, std::move(message), std::move(help)));
}

void Findings::relate(const Span& span, std::string message) {
  diagnostics_.back().related.push_back({span, std::move(message)});
}

bool Findings::has(std::string_view code) const {
  return std::any_of(diagnostics_.begin(), diagnostics_.end(),
                     [&](const Diagnostic& diagnostic) { return diagnostic.code == code; });
}

bool Findings::has_error() const {
  return gatehouse::has_error(diagnostics_);
}

std::vector<Diagnostic> Findings::take() {
  sort_diagnostics(diagnostics_);
  return std::move(diagnostics_);
}

}  // namespace gatehouse::pki
