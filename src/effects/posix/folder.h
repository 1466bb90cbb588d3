// Replacing and making files through the descriptor of their folder, so that a folder that is
// renamed meanwhile cannot send the bytes elsewhere.
#pragma once

#include <string>
#include <string_view>

#include "effects/posix/descriptor.h"

namespace gatehouse::posix {

/// "a/b/" and "a/b" lie in "a"; "b" lies in "."; "/" in "/".
std::string folder_of(std::string_view path);
std::string name_of(std::string_view path);

/// For flushing and for the *at family; errno on failure shows as a closed descriptor.
Descriptor open_folder(const std::string& path);

/// Flushes names made, renamed or removed in the folder.
Result<void> flush_folder(const Descriptor& folder, const std::string& path);

enum class Existing { replace, refuse };

/// Writes a file without a name, or where that cannot be a temporary sibling, that has its mode
/// before it has its first byte, flushes it and gives it its name in one move. On failure there is
/// no trace of it. `conflict` where `refuse` met a file.
Result<void> write_whole_file(const std::string& path, std::string_view bytes, unsigned mode,
                              Existing existing);

}  // namespace gatehouse::posix
