// What the libraries of the program give back is overwritten once it handles secrets.
#pragma once

namespace gatehouse::cli {

/// To be called by main, before anything else; for that program alone.
void lead_library_memory();

}  // namespace gatehouse::cli
