#include "pki/core_dumps.h"

#include <atomic>

#include <malloc.h>
#include <sys/prctl.h>
#include <sys/resource.h>

namespace gatehouse::pki {

namespace {

// Any byte but zero: what glibc overwrites freed memory with.
constexpr int kOverwriteWith = 0x5a;

std::atomic<bool> is_forbidden = false;

}  // namespace

void forbid_core_dumps() {
  const rlimit none{.rlim_cur = 0, .rlim_max = 0};
  // Both only ever lower a right of our own, so neither call has a reason to fail.
  setrlimit(RLIMIT_CORE, &none);
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  // The overlay passes through buffers of libraries that do not wipe them, as those of libyaml.
  mallopt(M_PERTURB, kOverwriteWith);
  is_forbidden = true;
}

bool are_core_dumps_forbidden() {
  return is_forbidden.load(std::memory_order_relaxed);
}

}  // namespace gatehouse::pki
