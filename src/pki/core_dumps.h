// Keeps secrets of this process out of core dumps and from other processes of the same user.
#pragma once

namespace gatehouse::pki {

/// Sets RLIMIT_CORE to 0, clears the dumpable flag and has freed memory overwritten; to be called
/// before the first secret is read or made. Holds for the rest of the process; a second call does
/// no harm.
void forbid_core_dumps();

/// Whether it was called, for an allocator that mallopt(3) does not reach.
bool are_core_dumps_forbidden();

}  // namespace gatehouse::pki
