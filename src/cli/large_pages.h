// Large pages for a large input. Reading one with small pages spends a fifth of its time on page
// faults; for a small one they cost more than they save, so nothing is done before a size is known.
#pragma once

#include <cstddef>

namespace gatehouse::cli {

/// Of a file that is about to be read by one thread: where it is large, what this thread allocates
/// from here on lies in large pages, as far as kernel and allocator give them
/// (docs/adr/0013-jemalloc.md).
void expect_input_of(std::size_t bytes);

}  // namespace gatehouse::cli
