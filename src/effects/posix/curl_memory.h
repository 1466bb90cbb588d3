// Memory for libcurl that is overwritten before it is given back: the headers of a request hold the
// key of MAAS, and libcurl frees its copies as they are.
#pragma once

namespace gatehouse::posix {

/// In place of curl_global_init; not thread-safe. Each call wants one of curl_global_cleanup.
void init_curl_with_wiped_memory();

}  // namespace gatehouse::posix
