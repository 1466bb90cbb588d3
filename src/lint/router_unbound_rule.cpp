#include <algorithm>

#include <fmt/format.h>

#include "lint/rule.h"

namespace gatehouse {

namespace {

constexpr const char* kRouterCharm = "mysql-router";

void judge(const LintCase& c, Findings& findings) {
  const auto& applications = c.bundle.applications;
  const auto bound = std::find_if(applications.begin(), applications.end(),
                                  [](const auto& entry) { return !entry.second.bindings.empty(); });
  if (bound == applications.end()) return;
  for (const auto& [name, application] : applications) {
    const bool is_router =
        !application.has_local_charm() && application.charm_name() == kRouterCharm;
    if (!is_router || !application.bindings.empty()) continue;
    findings.add({.span = application.span,
                  .subject = name,
                  .message = fmt::format("{} has no bindings while {} has: it is bound to the "
                                         "model's default space",
                                         name, bound->first),
                  .help = "bind \"\" to the space on which the database is reached",
                  .related = {{bound->second.span, "this one is bound"}}});
  }
}

}  // namespace

extern const Rule router_unbound_rule;
const Rule router_unbound_rule{
    .code = "bundle/router-unbound",
    .severity = Severity::warning,
    .summary = "a MySQL router has no bindings in a bundle that binds others",
    .judge = judge,
};

}  // namespace gatehouse
