// What the commands that write a run into the journal share: its id, the state folder with its
// lock, telling what happens, and the exit code of an end.
#pragma once

#include <memory>
#include <string>

#include "cli/context.h"
#include "engine/run_phase.h"

namespace gatehouse::cli {

/// Sorts by time; two runs of one second differ.
Result<std::string> new_run_id(Effects& effects);

struct OpenedState {
  std::unique_ptr<FileLock> lock;
  std::unique_ptr<Journal> journal;
};
/// conflict where another process has the lock, which `command` will be told to hold; malformed
/// where rows of the journal are gone.
Result<OpenedState> open_state(const std::string& state, const std::string& command,
                               Context& context);

/// "LAB " in a lab, else "".
std::string lab_prefix(const Context& context);
/// What an event says, line by line; nothing under --quiet.
void tell_progress(const Event& event, Context& context);

int exit_code_of(RunEnd end);

/// " --site FILE" where the site file was named, as it can be typed.
std::string site_option(const Context& context);

/// "gatehouse resume RUN", with the site file where it was named: as it can be typed.
std::string resume_command(const std::string& run, const Context& context);

}  // namespace gatehouse::cli
