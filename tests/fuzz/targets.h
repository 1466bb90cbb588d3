// What is fuzzed: each reader of foreign bytes as one function of the bytes. A target returns
// whatever it is given; it stops the process only by a broken promise of the reader. The programs
// (main.cpp) run them under libFuzzer; seeds_test.cpp runs the seeds in every build.
#pragma once

#include <span>
#include <string_view>

namespace gatehouse::fuzz {

struct Target {
  std::string_view name;  ///< also of its folder of seeds
  void (*run)(std::string_view bytes);
};

std::span<const Target> all_targets();

}  // namespace gatehouse::fuzz
