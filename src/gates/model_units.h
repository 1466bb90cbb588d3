// Units of a model's status as the gates about settling look at them: which belong to an
// application, and what they say without the prefix that a policy override puts in front.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "facts/model_status.h"

namespace gatehouse {

/// By name, in byte order; of a subordinate application too.
std::vector<const UnitStatus*> units_of(const ModelStatus& status, const std::string& application);

struct ShownMessage {
  std::string text;  ///< without "PO: " and "PO (broken): "
  bool has_broken_policy = false;
};

/// `use-policyd-override: true` puts "PO: " or "PO (broken): " in front of the workload message.
/// Source: charmhelpers, contrib/openstack/policyd.
ShownMessage shown_message(std::string_view message);

/// "vault/0 blocked, idle: Unit is sealed".
std::string in_words(const UnitStatus& unit);

}  // namespace gatehouse
