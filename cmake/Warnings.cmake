# Warnings are errors, in our own sources only.
add_library(gatehouse_warnings INTERFACE)
target_compile_options(gatehouse_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Werror)
# g++ 12 sees overlaps and overruns inside std::string and std::vector, once they are inlined, that
# are not there (GCC bugs 105329, 105651, 107852): warnings about its headers, not about our code.
target_compile_options(gatehouse_warnings INTERFACE
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict -Wno-array-bounds>
  $<$<CXX_COMPILER_ID:GNU>:-Wno-stringop-overflow -Wno-stringop-overread>)
# clang finds a deprecated function inside std::stable_sort of g++ 12's library.
target_compile_options(gatehouse_warnings INTERFACE
  $<$<CXX_COMPILER_ID:Clang>:-Wno-deprecated-declarations>)
