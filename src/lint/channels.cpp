#include "lint/channels.h"

#include "base/text.h"

namespace gatehouse {

std::string whole_channel(const std::string& channel) {
  if (channel.empty()) return channel;
  const std::string track = track_of(channel);
  const std::string first = channel.substr(0, channel.find('/'));
  if (first != track) return track + "/" + channel;
  return first == channel ? channel + "/stable" : channel;
}

const ChannelRule* channel_rule(const Site* site, const std::string& charm) {
  if (!site) return nullptr;
  for (const ChannelRule& rule : site->plan.channels) {
    if (glob_matches(rule.charm, charm)) return &rule;
  }
  return nullptr;
}

bool is_in_matrix(const LintCase& c, const BundleApplication& application) {
  const ChannelRule* rule = channel_rule(c.site, application.charm_name());
  return rule && !application.channel.empty() &&
         whole_channel(rule->channel) == whole_channel(application.channel);
}

}  // namespace gatehouse
