#include "pki/core_dumps.h"

#include <sys/prctl.h>
#include <sys/resource.h>

namespace gatehouse::pki {

void forbid_core_dumps() {
  const rlimit none{.rlim_cur = 0, .rlim_max = 0};
  // Both only ever lower a right of our own, so neither call has a reason to fail.
  setrlimit(RLIMIT_CORE, &none);
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

}  // namespace gatehouse::pki
