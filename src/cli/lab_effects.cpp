#include "cli/lab_effects.h"

namespace gatehouse::cli {

std::vector<Result<ProcessResult>> LabProcesses::run(std::span<const Command> commands,
                                                     std::size_t parallel) {
  std::vector<Command> labelled(commands.begin(), commands.end());
  for (Command& command : labelled) {
    command.environment.insert(environment_.begin(), environment_.end());
  }
  return inner_.run(labelled, parallel);
}

Result<ChildId> LabProcesses::start_detached(const DetachedCommand& command) {
  DetachedCommand labelled = command;
  labelled.environment.insert(environment_.begin(), environment_.end());
  return inner_.start_detached(labelled);
}

Result<ChildState> LabProcesses::state_of(const ChildId& child, const std::string& exit_file) {
  return inner_.state_of(child, exit_file);
}

}  // namespace gatehouse::cli
