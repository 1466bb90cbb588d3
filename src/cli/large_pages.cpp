#include "cli/large_pages.h"

#ifdef GATEHOUSE_JEMALLOC
#include <jemalloc/jemalloc.h>
#include <sys/mman.h>

#include <algorithm>
#endif

namespace gatehouse::cli {

#ifdef GATEHOUSE_JEMALLOC

// The program brings the allocator; a test program that links this folder may not.
#pragma weak mallctl

namespace {

// What is made of a file is some thirty times its size.
// Below this the halves of large pages that stay empty weigh more than the time that they save.
constexpr std::size_t kLargeInput = std::size_t{1280} << 10;
constexpr std::size_t kLargePage = std::size_t{2} << 20;

// The allocator's own, with one more step. The copy is what it calls through.
struct LargeHooks {
  extent_hooks_t hooks;  ///< first: the allocator hands back a pointer to it
  extent_hooks_t* usual = nullptr;
};

void* allocate_large(extent_hooks_t* hooks, void* address, std::size_t size, std::size_t alignment,
                     bool* zero, bool* commit, unsigned arena) {
  extent_hooks_t* usual = reinterpret_cast<LargeHooks*>(hooks)->usual;
  void* made =
      usual->alloc(usual, address, size, std::max(alignment, kLargePage), zero, commit, arena);
  // Only an advice: a kernel without large pages changes nothing but the speed.
  if (made) (void)madvise(made, size, MADV_HUGEPAGE);
  return made;
}

}  // namespace

void expect_input_of(std::size_t bytes) {
  if (bytes < kLargeInput || mallctl == nullptr) return;
  static LargeHooks large{};
  if (large.usual) return;
  std::size_t size = sizeof(large.usual);
  if (mallctl("arena.0.extent_hooks", &large.usual, &size, nullptr, 0) != 0) return;
  large.hooks = *large.usual;
  large.hooks.alloc = allocate_large;
  extent_hooks_t* chosen = &large.hooks;
  unsigned arena = 0;
  size = sizeof(arena);
  if (mallctl("arenas.create", &arena, &size, static_cast<void*>(&chosen), sizeof(chosen)) != 0) {
    return;
  }
  (void)mallctl("thread.arena", nullptr, nullptr, &arena, sizeof(arena));
}

#else

void expect_input_of(std::size_t) {}

#endif

}  // namespace gatehouse::cli
