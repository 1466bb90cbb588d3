// libFuzzer's entry, one program for each target: GATEHOUSE_FUZZ_TARGET names it.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tests/fuzz/targets.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  for (const gatehouse::fuzz::Target& target : gatehouse::fuzz::all_targets()) {
    if (target.name != GATEHOUSE_FUZZ_TARGET) continue;
    target.run({reinterpret_cast<const char*>(data), size});
  }
  return 0;
}
