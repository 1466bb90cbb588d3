#include <fmt/format.h>

#include "base/text.h"
#include "lint/channels.h"
#include "lint/places.h"

namespace gatehouse {

namespace {

void judge(const LintCase& c, Findings& findings) {
  if (!c.site || c.site->plan.channels.empty()) return;
  for (const auto& [name, application] : c.bundle.applications) {
    if (application.has_local_charm() || is_in_matrix(c, application)) continue;
    const ChannelRule* rule = channel_rule(c.site, application.charm_name());
    const std::string given = application.channel.empty() ? "none" : printable(application.channel);
    Findings::Remark remark{.span = lint_places::field_of(application, "channel"),
                            .subject = name,
                            .message = {},
                            .help = {}};
    if (rule) {
      remark.message = fmt::format("the channel of {} is {}, and the site wants {} for {}", name,
                                   given, rule->channel, rule->charm);
      remark.help = "correct the channel, or the matrix in plan.channels of the site file";
      remark.related = {{rule->span, "the site's rule"}};
    } else {
      remark.message = fmt::format(
          "the channel of {} is {}, and the site's matrix has no rule for "
          "charm {}",
          name, given, application.charm_name());
      remark.help = "add the charm to plan.channels in the site file";
    }
    findings.add(std::move(remark));
  }
}

}  // namespace

extern const Rule channel_outside_matrix_rule;
const Rule channel_outside_matrix_rule{
    .code = "bundle/channel-outside-matrix",
    .severity = Severity::error,
    .summary = "a channel is not the one that the site's matrix gives to the charm",
    .judge = judge,
};

}  // namespace gatehouse
