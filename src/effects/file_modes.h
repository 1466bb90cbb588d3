// How files lie on disk that are for their owner alone.
#pragma once

namespace gatehouse {

inline constexpr unsigned kPrivateFolder = 0700;
inline constexpr unsigned kPrivateFile = 0600;
inline constexpr unsigned kPrivateProgram = 0700;
/// The bits of a mode that let others at a file.
inline constexpr unsigned kForOthers = 077;

}  // namespace gatehouse
