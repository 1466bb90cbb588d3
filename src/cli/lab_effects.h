// The effects as a rehearsal sees them: children get the lab's environment.
#pragma once

#include <map>
#include <string>

#include "effects/effects.h"

namespace gatehouse::cli {

class LabProcesses : public ProcessRunner {
 public:
  LabProcesses(ProcessRunner& inner, std::map<std::string, std::string> environment)
      : inner_(inner), environment_(std::move(environment)) {}
  std::vector<Result<ProcessResult>> run(std::span<const Command> commands,
                                         std::size_t parallel) override;
  Result<ChildId> start_detached(const DetachedCommand& command) override;
  Result<ChildState> state_of(const ChildId& child, const std::string& exit_file) override;

 private:
  ProcessRunner& inner_;
  std::map<std::string, std::string> environment_;
};

}  // namespace gatehouse::cli
