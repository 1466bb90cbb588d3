#include <fmt/format.h>

#include "lint/hacluster.h"
#include "lint/places.h"

namespace gatehouse {

namespace {

constexpr const char* kOption = "use-policyd-override";
constexpr const char* kResource = "policyd-override";

void judge(const LintCase& c, Findings& findings) {
  for (const auto& [name, application] : c.bundle.applications) {
    if (!is_true(application, kOption) || application.resources.contains(kResource)) continue;
    findings.add({.span = lint_places::key_of(kOption, application.options.at(kOption).span),
                  .subject = name,
                  .message = fmt::format("{} is to override its policy, and the bundle gives no "
                                         "resource {}: the override is empty",
                                         name, kResource),
                  .help = fmt::format("name a zip file under resources: {{{}: ./policy.zip}}, or "
                                      "attach it later with juju attach-resource",
                                      kResource)});
  }
}

}  // namespace

extern const Rule policyd_without_resource_rule;
const Rule policyd_without_resource_rule{
    .code = "bundle/policyd-without-resource",
    .severity = Severity::warning,
    .summary = "policy override is on and its resource is missing",
    .judge = judge,
};

}  // namespace gatehouse
