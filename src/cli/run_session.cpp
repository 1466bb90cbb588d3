#include "cli/run_session.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/shell_quote.h"
#include "base/text.h"
#include "cli/journal_head.h"
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

Result<OpenedState> open_state(const std::string& state, const std::string& command,
                               Context& context) {
  OpenedState opened;
  auto lock = lock_state(state, command, context);
  if (!lock) return fail(lock.error());
  opened.lock = std::move(*lock);
  auto journal = context.open_journal(state, JournalMode::write);
  if (!journal) return fail(journal.error());
  opened.journal = std::move(*journal);
  const auto whole = refuse_cut_tail(state, *opened.journal, context.effects.files);
  if (!whole) return fail(whole.error());
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

std::string site_option(const Context& context) {
  const std::string& site = context.options.site_file;
  const bool is_named = site != CommonOptions().site_file;
  return is_named ? " --site " + shell_quote(site) : "";
}

std::string resume_command(const std::string& run, const Context& context) {
  return "gatehouse resume " + run + site_option(context);
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

}  // namespace gatehouse::cli
