#include "input/yaml/to_json.h"

#include "input/yaml/typing.h"

namespace gatehouse::yaml {

namespace {

json::value scalar_to_json(const Node& node) {
  return std::visit(
      [](const auto& value) -> json::value {
        if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::monostate>) {
          return nullptr;
        } else {
          return json::value(value);
        }
      },
      typed(node));
}

}  // namespace

json::value to_json(const Node& aliased) {
  const Node& node = resolved(aliased);
  if (node.kind == Kind::mapping) {
    json::object object;
    for (const Entry& entry : node.entries()) {
      object[resolved(*entry.key).text] = to_json(*entry.value);
    }
    return object;
  }
  if (node.kind == Kind::sequence) {
    json::array array;
    for (const Node* item : node.items()) array.push_back(to_json(*item));
    return array;
  }
  return scalar_to_json(node);
}

}  // namespace gatehouse::yaml
