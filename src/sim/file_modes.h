// How the lab's files lie on disk: for their owner alone.
#pragma once

namespace gatehouse::sim {

inline constexpr unsigned kPrivateFolder = 0700;
inline constexpr unsigned kPrivateFile = 0600;
inline constexpr unsigned kPrivateProgram = 0700;

}  // namespace gatehouse::sim
