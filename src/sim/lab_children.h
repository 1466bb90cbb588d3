// The background processes of a lab: each is started by its name, known by its id and start time
// (NAME.child in the lab's folder), and ended by that id alone.
#pragma once

#include <string>
#include <vector>

#include "effects/effects.h"
#include "sim/settings.h"

namespace gatehouse::sim {

struct LabChild {
  std::string name;  ///< NAME.out, NAME.err, NAME.exit and NAME.lock lie in the lab's folder
  std::vector<std::string> argv;
};

Result<ChildId> start_child(const LabPaths& paths, const LabChild& child, Effects& effects);

/// Asks it to end, and waits for nothing.
void signal_child(const LabPaths& paths, const std::string& name, Effects& effects);

/// Asks it to end and waits, by a clock that must be the wall's; one that is not there, or not any
/// more, is no error. timed_out where it does not end.
Result<void> end_child(const LabPaths& paths, const std::string& name, Effects& effects);

std::string child_errors(const LabPaths& paths, const std::string& name);
std::string child_exit(const LabPaths& paths, const std::string& name);

}  // namespace gatehouse::sim
