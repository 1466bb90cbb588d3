// Constraints of machines, and what storage and device entries may say. Errors are Juju's words.
// Source: Juju 3.6 core/constraints, internal/storage, core/devices.
#pragma once

#include <string>
#include <string_view>

namespace gatehouse::bundle {

struct Constraints {
  std::string arch;  ///< "" where none is given
  bool has_image_id = false;
  std::string error;  ///< "" where all is right
};
Constraints parse_constraints(std::string_view text);

/// Why Juju refuses the entry, or "".
std::string storage_error(std::string_view text);
std::string device_error(std::string_view text);

/// Also the architectures that a charm URL may name.
bool is_architecture(std::string_view text);

}  // namespace gatehouse::bundle
