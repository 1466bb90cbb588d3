#include "cli/state_lock.h"

#include <fmt/format.h>

namespace gatehouse::cli {

Result<std::unique_ptr<FileLock>> lock_state(const std::string& state, const std::string& command,
                                             Context& context) {
  if (auto made = context.effects.files.make_folder(state, 0700); !made) return fail(made.error());
  auto lock = context.effects.files.lock(
      state + "/lock", fmt::format("{} of {} since {}", command, context.environment.operator_name,
                                   to_rfc3339(context.effects.clock.now())));
  if (lock || lock.error().kind != ErrorKind::conflict) return lock;
  Error error = lock.error();
  error.help = "wait for it to end, or end it there; a holder that died frees the lock by itself";
  return fail(std::move(error));
}

bool is_lock_free(const std::string& state, Context& context) {
  const auto lock = context.effects.files.lock(state + "/lock", "gatehouse");
  return lock || lock.error().kind != ErrorKind::conflict;
}

}  // namespace gatehouse::cli
