#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.h"
#include "gates/checks.h"

namespace gatehouse {

namespace {

bool declares_channels(const Inputs& inputs) {
  return !inputs.site.plan.channels.empty();
}

bool is_risk(std::string_view word) {
  static constexpr std::array<std::string_view, 4> kRisks{"stable", "candidate", "beta", "edge"};
  return std::find(kRisks.begin(), kRisks.end(), word) != kRisks.end();
}

// "stable" is latest/stable, "8.0" is 8.0/stable: Juju, internal/charm.Channel.
std::string whole_channel(const std::string& channel) {
  if (channel.empty()) return channel;
  const std::string first = channel.substr(0, channel.find('/'));
  if (is_risk(first)) return "latest/" + channel;
  return first == channel ? channel + "/stable" : channel;
}

const ChannelRule* first_match(const std::vector<ChannelRule>& rules, const std::string& charm) {
  for (const ChannelRule& rule : rules) {
    if (glob_matches(rule.charm, charm)) return &rule;
  }
  return nullptr;
}

Span span_of_channel(const Case& c, const std::string& application) {
  const Bundle* bundle = c.inputs.bundle();
  const BundleApplication* found = bundle ? bundle->find(application) : nullptr;
  if (!found) return {};
  const auto place = found->places.find("channel");
  return place == found->places.end() ? found->span : place->second;
}

Check judge_application(const Case& c, const PlannedApplication& application) {
  const std::string subject =
      fmt::format("channel of {} ({})", application.name, application.charm);
  const std::string observed = application.channel.empty() ? "none" : application.channel;
  const ChannelRule* rule = first_match(c.inputs.site.plan.channels, application.charm);
  if (!rule) {
    return failed(subject, "a rule of the site for this charm", observed,
                  "add the charm to plan.channels in the site file");
  }
  const bool is_same = whole_channel(rule->channel) == whole_channel(application.channel);
  return Check{.subject = subject,
               .expected = rule->channel,
               .observed = observed,
               .ruling = is_same ? Ruling::pass : Ruling::fail,
               .help = is_same ? "" : fmt::format("the rule is for {}", rule->charm)};
}

Verdict judge_channels(const Case& c) {
  std::vector<Check> checks;
  if (!declares_channels(c.inputs)) return conclude({});
  const Plan* plan = require_plan(c, checks);
  if (!plan) return conclude(std::move(checks));
  for (const PlannedApplication& application : plan->applications) {
    checks.push_back(
        placed(judge_application(c, application), span_of_channel(c, application.name)));
  }
  return conclude(std::move(checks));
}

}  // namespace

extern const Gate channels_gate;
const Gate channels_gate{
    .id = "channels",
    .question = "Comes every charm from the channel that the site's matrix gives it?",
    .source = "phase 01, step 1.2, gate",
    .applies = declares_channels,
    .judge = judge_channels,
};

}  // namespace gatehouse
