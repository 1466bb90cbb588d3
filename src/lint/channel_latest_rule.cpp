#include <fmt/format.h>

#include "base/text.h"
#include "lint/channels.h"
#include "lint/places.h"

namespace gatehouse {

namespace {

void judge(const LintCase& c, Findings& findings) {
  for (const auto& [name, application] : c.bundle.applications) {
    if (application.has_local_charm() || application.channel.empty()) continue;
    if (track_of(application.channel) != "latest") continue;
    // Where the matrix has a word on the charm, it is either right or another rule's finding.
    if (channel_rule(c.site, application.charm_name())) continue;
    findings.add({.span = lint_places::field_of(application, "channel"),
                  .subject = name,
                  .message = fmt::format("{} follows {}, a track that moves from one version to "
                                         "the next by itself",
                                         name, printable(whole_channel(application.channel))),
                  .help = "name the track of a version, or put the charm into plan.channels of the "
                          "site file if it has no other track"});
  }
}

}  // namespace

extern const Rule channel_latest_rule;
const Rule channel_latest_rule{
    .code = "bundle/channel-latest",
    .severity = Severity::warning,
    .summary = "a channel of track latest, which moves on by itself",
    .judge = judge,
};

}  // namespace gatehouse
