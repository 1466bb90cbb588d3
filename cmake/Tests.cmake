# Unit tests lie beside the code; every source under tests/ but the fuzzers' entry joins one program,
# which may use the built programs.
add_library(gatehouse_test_support INTERFACE)
target_link_libraries(gatehouse_test_support INTERFACE GTest::gtest GTest::gmock GTest::gtest_main)
target_compile_definitions(gatehouse_test_support INTERFACE
  GATEHOUSE_SOURCE_DIR="${CMAKE_SOURCE_DIR}" GATEHOUSE_BINARY_DIR="${CMAKE_BINARY_DIR}")
# Tests of a release are built for a short wait: what they test is optimized, they are not.
target_compile_options(gatehouse_test_support INTERFACE
  $<$<CONFIG:Release>:-O0> $<$<CONFIG:Release>:-U_FORTIFY_SOURCE> $<$<STREQUAL:${GATEHOUSE_HOSTILE},ONLY>:-O0>)

# What every test includes, precompiled once for all test programs.
if(GATEHOUSE_PCH)
  file(WRITE ${CMAKE_BINARY_DIR}/empty/precompiled_tests.cpp "namespace gatehouse {}\n")
  add_library(gatehouse_precompiled_tests STATIC EXCLUDE_FROM_ALL
    ${CMAKE_BINARY_DIR}/empty/precompiled_tests.cpp)
  target_link_libraries(gatehouse_precompiled_tests PRIVATE gatehouse_base gatehouse_test_support
    gatehouse_warnings)
  target_precompile_headers(gatehouse_precompiled_tests PRIVATE ${CMAKE_SOURCE_DIR}/cmake/precompiled.h
    <fstream> <filesystem> <sstream> <gmock/gmock.h> <gtest/gtest.h>)
endif()

include(GoogleTest)
get_property(programs GLOBAL PROPERTY GATEHOUSE_TEST_PROGRAMS)

file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/*.cpp)
list(FILTER sources EXCLUDE REGEX "/tests/(fuzz|simulation)/main.cpp$")
if(sources AND NOT GATEHOUSE_HOSTILE STREQUAL ONLY)
  add_executable(whole_tests EXCLUDE_FROM_ALL ${sources})
  target_include_directories(whole_tests PRIVATE ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR})
  get_property(layers GLOBAL PROPERTY GATEHOUSE_LAYER_NAMES)
  foreach(layer ${layers})
    target_link_libraries(whole_tests PRIVATE gatehouse_${layer})
  endforeach()
  target_link_libraries(whole_tests PRIVATE gatehouse_test_support gatehouse_warnings)
  foreach(program gatehouse gatehouse-lab)
    if(TARGET ${program})
      add_dependencies(whole_tests ${program})
    endif()
  endforeach()
  list(PREPEND programs whole_tests)  # The longest of all are among them.
endif()

# What a journal's commit costs beside a bare one: script/bench.
add_executable(gatehouse-journal-commits EXCLUDE_FROM_ALL ${CMAKE_SOURCE_DIR}/bench/journal_commits.cpp)
target_link_libraries(gatehouse-journal-commits PRIVATE gatehouse_journal gatehouse_warnings)

# Whole runs under virtual time, many seeds or one again: script/dev sim, script/dev replay.
file(GLOB simulation CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/simulation/*.cpp)
list(FILTER simulation EXCLUDE REGEX "_test\\.cpp$")
add_executable(gatehouse-simulate EXCLUDE_FROM_ALL ${simulation})
target_include_directories(gatehouse-simulate PRIVATE ${CMAKE_SOURCE_DIR})
target_compile_definitions(gatehouse-simulate PRIVATE GATEHOUSE_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
foreach(layer ${layers})
  target_link_libraries(gatehouse-simulate PRIVATE gatehouse_${layer})
endforeach()
target_link_libraries(gatehouse-simulate PRIVATE CLI11::CLI11 gatehouse_warnings)
if(GATEHOUSE_JEMALLOC)  # as the program itself
  target_link_libraries(gatehouse-simulate PRIVATE gatehouse_jemalloc)
endif()

set(GATEHOUSE_TEST_SECONDS 300 CACHE STRING "What a test may take")
foreach(program ${programs})
  if(GATEHOUSE_PCH)
    target_precompile_headers(${program} REUSE_FROM gatehouse_precompiled_tests)
  endif()
  gtest_discover_tests(${program} DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT ${GATEHOUSE_TEST_SECONDS})
endforeach()
add_custom_target(all_tests DEPENDS ${programs})

# The fuzzers of tests/fuzz, one program for each target, built by the preset `fuzz` (clang only).
option(GATEHOUSE_FUZZ "Build the fuzzers" OFF)
if(GATEHOUSE_FUZZ)
  add_custom_target(fuzzers)
  add_library(gatehouse_fuzz_targets STATIC EXCLUDE_FROM_ALL ${CMAKE_SOURCE_DIR}/tests/fuzz/targets.cpp)
  target_include_directories(gatehouse_fuzz_targets PUBLIC ${CMAKE_SOURCE_DIR})
  target_link_libraries(gatehouse_fuzz_targets PUBLIC
    gatehouse_plan gatehouse_clients gatehouse_pki gatehouse_report gatehouse_warnings)
  foreach(target yaml bundle dry_run status site secret_overlay journal report name_probe)
    add_executable(fuzz_${target} EXCLUDE_FROM_ALL ${CMAKE_SOURCE_DIR}/tests/fuzz/main.cpp)
    target_compile_definitions(fuzz_${target} PRIVATE GATEHOUSE_FUZZ_TARGET="${target}")
    target_link_libraries(fuzz_${target} PRIVATE gatehouse_fuzz_targets)
    target_link_options(fuzz_${target} PRIVATE -fsanitize=fuzzer)
    add_dependencies(fuzzers fuzz_${target})
  endforeach()
endif()
