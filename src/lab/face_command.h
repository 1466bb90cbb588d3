// Runs one of the lab's programs: gathers how it was called, and turns into another program where
// the face says so.
#pragma once

#include <string>
#include <vector>

namespace gatehouse::lab {

/// Does not return where the face turns into another program.
int run_face(const std::string& program, const std::string& folder,
             const std::vector<std::string>& arguments);

}  // namespace gatehouse::lab
