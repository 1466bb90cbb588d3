#include "effects/posix/curl_memory.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include <curl/curl.h>
#include <malloc.h>

#include "base/secret.h"

namespace gatehouse::posix {

namespace {

void* allocate(std::size_t size) {
  return std::malloc(size);
}

void* allocate_zeroed(std::size_t count, std::size_t size) {
  return std::calloc(count, size);
}

void release(void* memory) {
  if (memory != nullptr) wipe(memory, malloc_usable_size(memory));
  std::free(memory);
}

// The C library's would leave the former place as it is.
void* resize(void* memory, std::size_t size) {
  if (memory == nullptr) return std::malloc(size);
  void* const moved = std::malloc(size);
  if (moved == nullptr) return nullptr;
  std::memcpy(moved, memory, std::min(size, malloc_usable_size(memory)));
  release(memory);
  return moved;
}

char* copy(const char* text) {
  const std::size_t size = std::strlen(text) + 1;
  char* const copied = static_cast<char*>(std::malloc(size));
  if (copied != nullptr) std::memcpy(copied, text, size);
  return copied;
}

}  // namespace

void init_curl_with_wiped_memory() {
  curl_global_init_mem(CURL_GLOBAL_DEFAULT, allocate, release, resize, copy, allocate_zeroed);
}

}  // namespace gatehouse::posix
