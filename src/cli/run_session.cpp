#include "cli/run_session.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "cli/site_session.h"
#include "cli/state_lock.h"
#include "report/run_view.h"

namespace gatehouse::cli {

namespace {

std::string hexadecimal(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return text;
}

}  // namespace

// 20261122-190410-3f2a: sorts by time, and two runs of one second differ.
Result<std::string> new_run_id(Effects& effects) {
  const auto random = effects.entropy.bytes(2);
  if (!random) return fail(random.error());
  std::string time = to_rfc3339(std::chrono::floor<std::chrono::seconds>(effects.clock.now()));
  std::erase_if(time, [](char c) { return c == '-' || c == ':' || c == 'Z'; });
  std::replace(time.begin(), time.end(), 'T', '-');
  return time + "-" + hexadecimal(*random);
}

Result<OpenedState> open_state(const std::string& state, Context& context) {
  OpenedState opened;
  auto lock = lock_state(state, "gatehouse run", context);
  if (!lock) return fail(lock.error());
  opened.lock = std::move(*lock);
  auto journal = context.open_journal(state, JournalMode::write);
  if (!journal) return fail(journal.error());
  opened.journal = std::move(*journal);
  return opened;
}

std::string lab_prefix(const Context& context) {
  return context.environment.lab.empty() ? "" : "LAB ";
}

void tell_progress(const Event& event, Context& context) {
  if (context.console.is_quiet()) return;
  const std::string prefix = lab_prefix(context);
  const std::string progress = progress_of(event);
  for (const std::string_view line : lines_of(progress)) {
    context.console.talk(fmt::format("{}{}\n", prefix, line));
  }
}

int exit_code_of(RunEnd end) {
  switch (end) {
    case RunEnd::holds:
      return kExitHolds;
    case RunEnd::fails:
      return kExitFails;
    case RunEnd::unknown:
      return kExitUnknown;
    case RunEnd::in_doubt:
      return kExitEffect;
    case RunEnd::interrupted:
      return kExitInterrupted;
  }
  return kExitBug;
}

void write_head(const std::string& state, Journal& journal, Context& context) {
  const auto head = journal.head();
  if (!head) return;
  const auto written = context.effects.files.write_atomic(state + "/HEAD", head_text(*head), 0600);
  if (!written) tell_error(context.console, written.error());
}

}  // namespace gatehouse::cli
