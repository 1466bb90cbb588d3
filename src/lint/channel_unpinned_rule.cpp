#include <string>
#include <vector>

#include <fmt/format.h>

#include "lint/channels.h"

namespace gatehouse {

namespace {

void judge(const LintCase& c, Findings& findings) {
  // With a matrix, a channel that is missing is outside of it.
  if (c.site && !c.site->plan.channels.empty()) return;
  std::vector<const BundleApplication*> unpinned;
  for (const auto& [name, application] : c.bundle.applications) {
    if (application.has_local_charm() || !application.channel.empty()) continue;
    unpinned.push_back(&application);
  }
  const std::string help = "pin it: channel: TRACK/stable";
  // A bundle that pins nothing is told so once.
  if (unpinned.size() > 1 && unpinned.size() == c.bundle.applications.size()) {
    findings.add({.span = unpinned.front()->span,
                  .subject = "",
                  .message = fmt::format("none of the {} applications names a channel: the store "
                                         "decides which versions are deployed",
                                         unpinned.size()),
                  .help = "pin each: channel: TRACK/stable"});
    return;
  }
  for (const BundleApplication* application : unpinned) {
    findings.add({.span = application->span,
                  .subject = application->name,
                  .message = fmt::format("{} names no channel: the store decides which version of "
                                         "{} is deployed",
                                         application->name, application->charm_name()),
                  .help = help});
  }
}

}  // namespace

extern const Rule channel_unpinned_rule;
const Rule channel_unpinned_rule{
    .code = "bundle/channel-unpinned",
    .severity = Severity::warning,
    .summary = "a charm of the store without a channel",
    .judge = judge,
};

}  // namespace gatehouse
