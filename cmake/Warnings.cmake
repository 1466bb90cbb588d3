# Warnings are errors, in our own sources only.
add_library(gatehouse_warnings INTERFACE)
target_compile_options(gatehouse_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Werror)
# g++ 12 takes libstdc++'s own string assignment for an overlapping copy once it is inlined (GCC bug
# 105651): a warning about its header, not about our code.
target_compile_options(gatehouse_warnings INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
# g++ 12 at -O2 sees overlaps and overruns inside std::string and std::vector that are not there
# (GCC bugs 105329, 105651, 107852); the sanitizers look for real ones.
target_compile_options(gatehouse_warnings INTERFACE
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread>)
