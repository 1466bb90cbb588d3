# A library that is loaded when one of its functions is first called, not at every start: libcurl and
# libmicrohttpd bring thirty more with them, and planning a bundle needs none. NAME becomes a target
# to link to, with trampolines for FUNCTIONS; other processors link to TARGET as usual.
function(gatehouse_late_library name)
  cmake_parse_arguments(LATE "" "SONAME;TARGET" "FUNCTIONS" ${ARGN})
  if(NOT CMAKE_SYSTEM_PROCESSOR STREQUAL x86_64)
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE ${LATE_TARGET})
    return()
  endif()
  set(stubs "")
  foreach(function ${LATE_FUNCTIONS})
    string(APPEND stubs "    LATE ${function}\n")
  endforeach()
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/late/${name}.S
    CONTENT "#define SONAME \"${LATE_SONAME}\"\n#include \"late_library.S\"\n${stubs}" @ONLY)
  add_library(${name} STATIC
    ${CMAKE_BINARY_DIR}/late/${name}.S ${CMAKE_SOURCE_DIR}/cmake/late_library.cpp)
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/cmake
    INTERFACE $<TARGET_PROPERTY:${LATE_TARGET},INTERFACE_INCLUDE_DIRECTORIES>)
  target_link_libraries(${name} PRIVATE gatehouse_warnings INTERFACE ${CMAKE_DL_LIBS})
endfunction()
