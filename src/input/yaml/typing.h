// What a scalar means to Juju, which reads bundles with go-yaml v2 (notes of the project: YAML 1.1
// of its own kind: `yes` is true, 010 is 8, 1e3 stays text, a leading zero is octal).
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "input/yaml/tree.h"

namespace gatehouse::yaml {

using Scalar = std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string>;

/// A scalar with the tag that its meaning has, in short form: "!!int".
struct Resolution {
  Scalar value;
  std::string tag;
  std::string failure;  ///< where a written tag does not fit: go-yaml's words, without "yaml: "
};

/// Text without a tag that is quoted or begins as no word or number can: `resolve` would give
/// "!!str". The node is a scalar itself.
bool is_surely_text(const Node& node);

/// The node is a scalar (an alias is followed).
Resolution resolve(const Node& node);

/// The untyped meaning, for example of a charm option. The node is a scalar (an alias is followed).
Scalar typed(const Node& node);
bool is_null(const Node& node);

}  // namespace gatehouse::yaml
