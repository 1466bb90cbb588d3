#include "gates/checks.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"

namespace gatehouse {

Check placed(Check check, const Span& span, const Evidence& evidence) {
  check.span = span;
  check.evidence = evidence;
  return check;
}

std::string listed(std::span<const std::string> items, std::size_t shown_max) {
  if (items.empty()) return "none";
  const std::string shown = join(items.first(std::min(items.size(), shown_max)), ", ");
  if (items.size() <= shown_max) return shown;
  return fmt::format("{} and {} more", shown, items.size() - shown_max);
}

std::string counted(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

const Bundle* require_bundle(const Case& c, std::vector<Check>& checks) {
  if (const Bundle* bundle = c.inputs.bundle()) return bundle;
  const std::string& refusal = c.inputs.loaded.refusal;
  checks.push_back(unknown("bundle", "a bundle that Juju accepts",
                           refusal.empty() ? "the bundle was not read" : refusal,
                           "run: gatehouse bundle check BUNDLE --overlay FILE"));
  return nullptr;
}

const Plan* require_plan(const Case& c, std::vector<Check>& checks) {
  if (c.plan) return c.plan;
  checks.push_back(unknown("offline plan", "a plan", "the bundle cannot be planned",
                           "run: gatehouse bundle plan BUNDLE --overlay FILE"));
  return nullptr;
}

const ModelStatus* require_model(const Case& c, std::vector<Check>& checks) {
  const Observation<ModelStatus>& seen = c.facts.model_status;
  const ModelStatus* status = require_seen(seen, "model status", "the model's units", checks);
  if (!status) return nullptr;
  for (const std::string& part : status->unread) {
    checks.push_back(placed(unknown(fmt::format("status of {}", part), "a readable status",
                                    "this part of the answer cannot be read"),
                            {}, seen.evidence()));
  }
  return status;
}

Diagnostic remark(std::string code, std::string subject, std::string message, std::string help) {
  Diagnostic diagnostic;
  diagnostic.severity = Severity::warning;
  diagnostic.code = std::move(code);
  diagnostic.message = std::move(message);
  diagnostic.help = std::move(help);
  diagnostic.subject = std::move(subject);
  return diagnostic;
}

std::string in_words(const Plane& plane) {
  return fmt::format("{} {}", plane.name, to_string(plane.cidr));
}

}  // namespace gatehouse
