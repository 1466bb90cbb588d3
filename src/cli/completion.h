// Shell completion, computed from the commands themselves.
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace gatehouse::cli {

/// A script for "bash", "zsh" or "fish" that completes commands and flags of the program.
std::string completion_for(const std::string& shell, const CLI::App& app);

}  // namespace gatehouse::cli
