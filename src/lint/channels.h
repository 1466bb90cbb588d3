// Channels of charms against the site's matrix (`plan.channels` of the site file).
#pragma once

#include <string>

#include "lint/rule.h"

namespace gatehouse {

/// "stable" is latest/stable, "8.0" is 8.0/stable; "" stays. Source: Juju, internal/charm.Channel.
std::string whole_channel(const std::string& channel);

/// The first rule of the site that the charm's name matches; nullptr without a site or a match.
const ChannelRule* channel_rule(const Site* site, const std::string& charm);

/// Whether the site's matrix gives exactly this channel to the charm.
bool is_in_matrix(const LintCase& c, const BundleApplication& application);

}  // namespace gatehouse
