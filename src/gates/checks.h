// Makers of checks and findings that several gates share. Nothing here knows a rule of a site; the
// rules are in the gates. Start at `placed`.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gates/gate.h"

namespace gatehouse {

inline bool declares_pki(const Inputs& inputs) {
  return inputs.site.pki.has_value();
}

/// The same check with the line that promised it and where the observed came from.
Check placed(Check check, const Span& span, const Evidence& evidence = {});

/// "a, b and 4 more"; "none" where there is nothing.
std::string listed(std::span<const std::string> items, std::size_t shown_max = 6);

/// "1 unit", "3 units".
std::string counted(std::size_t count, std::string_view noun);

/// The merged bundle, or an unknown check in its place.
const Bundle* require_bundle(const Case& c, std::vector<Check>& checks);
/// The offline plan, or an unknown check in its place.
const Plan* require_plan(const Case& c, std::vector<Check>& checks);
/// The model's status, or an unknown check in its place; each part of it that could not be decoded
/// adds an unknown check, for nobody knows what it would have said.
const ModelStatus* require_model(const Case& c, std::vector<Check>& checks);

/// A remark that changes no ruling.
Diagnostic remark(std::string code, std::string subject, std::string message,
                  std::string help = {});

/// "metal 10.12.8.0/22".
std::string in_words(const Plane& plane);

}  // namespace gatehouse
