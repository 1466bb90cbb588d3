# Writes the table of all constants of one kind from the names of their files: FOLDER/NAME_KIND.cpp
# defines NAME_KIND. No registration code, no list to edit, no start-up order.
function(gatehouse_found folder kind type header function)
  file(GLOB files CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}/src/${folder}
       ${CMAKE_SOURCE_DIR}/src/${folder}/${kind})
  list(FILTER files EXCLUDE REGEX "_test\\.cpp$")
  list(SORT files)
  set(declarations "")
  set(entries "")
  set(checks "")
  foreach(file ${files})
    string(REGEX REPLACE "\\.cpp$" "" constant ${file})
    string(APPEND declarations "extern const ${type} ${constant};\n")
    string(APPEND entries "    &${constant},\n")
  endforeach()
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/found/${folder}.cpp CONTENT
"// Made by cmake/Found.cmake from the names of the files in src/${folder}/.
#include \"${header}\"

namespace gatehouse {

@declarations@
std::span<const ${type}* const> ${function}() {
  static constexpr const ${type}* kAll[] = {
@entries@  };
  return kAll;
}

}  // namespace gatehouse
" @ONLY)
  target_sources(gatehouse_${folder} PRIVATE ${CMAKE_BINARY_DIR}/found/${folder}.cpp)
endfunction()
