// The files of data/ that the lab carries inside its program, so that it needs no installed folder.
// Put there by cmake/Embed.cmake.
#pragma once

#include <string_view>

#include "base/json.h"

namespace gatehouse::sim {

/// Shapes recorded from a real MAAS 3.5, one object each, save for the lists `bond` and `racks`;
/// see data/lab/README.md.
enum class Shape {
  machine,
  subnet,
  iprange,
  address,
  version,
  whoami,
  bond,  ///< a bond, a VLAN interface and a bridge on it
  broken_machine,
  subnet_v6,
  racks,
};

/// Parsed once; asserted to be readable, since it is part of the program.
const json::value& recorded_shape(Shape shape);
/// A copy of a shape that is one object, to be filled.
inline json::object recorded_object(Shape shape) {
  return recorded_shape(shape).as_object();
}

/// How charms come up: data/lab/bring-up.json.
const json::value& bring_up_scripts();

/// Facts about charms: data/charms/catalogue.json.
const json::value& charm_catalogue();

}  // namespace gatehouse::sim
