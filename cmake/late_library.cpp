// What a trampoline of cmake/late_library.S asks once for each function.
#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>

extern "C" void* gatehouse_late_function(const char* library, const char* function);

// A program that lacks the library could not have started before; it ends here instead.
extern "C" [[gnu::weak]] void* gatehouse_late_function(const char* library, const char* function) {
  void* handle = dlopen(library, RTLD_NOW | RTLD_GLOBAL);
  void* address = handle ? dlsym(handle, function) : nullptr;
  if (!address) {
    std::fprintf(stderr, "error: cannot load %s of %s: %s\n", function, library, dlerror());
    std::_Exit(4);
  }
  return address;
}
