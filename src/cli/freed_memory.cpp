// The C library's own allocator overwrites freed memory when asked (pki/core_dumps.cpp); jemalloc
// does it for the whole process or not at all, and then everything is slower. So the calls of
// libyaml, whose buffers hold an overlay's text, are led past here by the linker (--wrap,
// cmake/Layer.cmake), and those of OpenSSL, which wipes most of its own, by OpenSSL.
#include "cli/freed_memory.h"

#ifdef GATEHOUSE_JEMALLOC

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include <malloc.h>
#include <openssl/crypto.h>

#include "base/secret.h"
#include "pki/core_dumps.h"

// The names are the linker's. Weak, for a test program that links this folder is led past nothing.
// NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming)
extern "C" {
[[gnu::weak]] void __real_free(void* memory);
[[gnu::weak]] void* __real_realloc(void* memory, std::size_t size);
void __wrap_free(void* memory);
void* __wrap_realloc(void* memory, std::size_t size);
}

extern "C" void __wrap_free(void* memory) {
  if (memory != nullptr && gatehouse::pki::are_core_dumps_forbidden()) {
    gatehouse::wipe(memory, malloc_usable_size(memory));
  }
  __real_free(memory);
}

extern "C" void* __wrap_realloc(void* memory, std::size_t size) {
  if (memory == nullptr || size == 0 || !gatehouse::pki::are_core_dumps_forbidden()) {
    return __real_realloc(memory, size);
  }
  void* const moved = std::malloc(size);
  if (moved == nullptr) return nullptr;
  std::memcpy(moved, memory, std::min(size, malloc_usable_size(memory)));
  __wrap_free(memory);
  return moved;
}
// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming)

namespace gatehouse::cli {

void lead_library_memory() {
  // Only before its first allocation, which is not made yet: it cannot refuse.
  CRYPTO_set_mem_functions(
      [](std::size_t size, const char*, int) { return std::malloc(size); },
      [](void* memory, std::size_t size, const char*, int) { return __wrap_realloc(memory, size); },
      [](void* memory, const char*, int) { __wrap_free(memory); });
}

}  // namespace gatehouse::cli

#else

void gatehouse::cli::lead_library_memory() {}

#endif
