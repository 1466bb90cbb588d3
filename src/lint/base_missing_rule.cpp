#include <string>
#include <vector>

#include <fmt/format.h>

#include "lint/bases.h"

namespace gatehouse {

namespace {

void judge(const LintCase& c, Findings& findings) {
  // In Kubernetes the charm's image brings its base along.
  if (c.bundle.is_kubernetes()) return;
  std::vector<const BundleApplication*> without;
  for (const auto& [name, application] : c.bundle.applications) {
    if (application.has_local_charm() || !base_of(c.bundle, application).empty()) continue;
    without.push_back(&application);
  }
  if (without.empty()) return;
  const std::string help = "write default-base at the top of the bundle";
  if (without.size() > 1 && without.size() == c.bundle.applications.size()) {
    findings.add({.span = without.front()->span,
                  .subject = "",
                  .message = fmt::format("nothing says the base of any of the {} applications: the "
                                         "store's newest decides",
                                         without.size()),
                  .help = help});
    return;
  }
  for (const BundleApplication* application : without) {
    findings.add({.span = application->span,
                  .subject = application->name,
                  .message = fmt::format("nothing says the base of {}: the store's newest decides",
                                         application->name),
                  .help = help});
  }
}

}  // namespace

extern const Rule base_missing_rule;
const Rule base_missing_rule{
    .code = "bundle/base-missing",
    .severity = Severity::warning,
    .summary = "neither the bundle nor the application names a base",
    .judge = judge,
};

}  // namespace gatehouse
