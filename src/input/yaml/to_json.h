// A YAML document as a JSON value, for readers of foreign documents that exist in both forms.
// Places are lost on the way: what an operator wrote is read from the tree itself.
#pragma once

#include "base/json.h"
#include "input/yaml/tree.h"

namespace gatehouse::yaml {

/// Scalars with the meaning that `typed` gives them, keys as their text, aliases as what they stand
/// for. The tree's own bounds bound this.
json::value to_json(const Node& node);

}  // namespace gatehouse::yaml
