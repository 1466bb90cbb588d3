# Puts files of data/ into a layer's library as bytes. A file a/b-c.json is reached as the two
# symbols gatehouse_a_b_c_json_begin and ..._end (src/sim/embedded.h shows how).
function(gatehouse_embed layer)
  foreach(file ${ARGN})
    string(MAKE_C_IDENTIFIER ${file} symbol)
    set(source ${CMAKE_BINARY_DIR}/embedded/${symbol}.S)
    file(CONFIGURE OUTPUT ${source} CONTENT
"    .section .rodata
    .global gatehouse_@symbol@_begin
    .global gatehouse_@symbol@_end
gatehouse_@symbol@_begin:
    .incbin \"@CMAKE_SOURCE_DIR@/@file@\"
gatehouse_@symbol@_end:
    .byte 0
    .section .note.GNU-stack,\"\",%progbits
" @ONLY)
    set_source_files_properties(${source} PROPERTIES
      OBJECT_DEPENDS ${CMAKE_SOURCE_DIR}/${file} SKIP_PRECOMPILE_HEADERS ON)
    target_sources(gatehouse_${layer} PRIVATE ${source})
  endforeach()
endfunction()

# Puts every page FOLDER/AREA/NAME.md into a layer's library, and the table of them: one entry of
# TYPE {path, text} for each, sorted by path, handed out by FUNCTION, which HEADER declares.
function(gatehouse_embed_pages layer folder type header function)
  file(GLOB pages CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}/${folder}
       ${CMAKE_SOURCE_DIR}/${folder}/*/*.md)
  list(TRANSFORM pages REPLACE "\\.md$" "")
  list(SORT pages)
  set(source ${CMAKE_BINARY_DIR}/embedded/${layer}_pages)
  set(bytes "    .section .rodata\n")
  set(symbols "")
  set(entries "")
  set(files "")
  foreach(path ${pages})
    string(MAKE_C_IDENTIFIER "gatehouse_page_${path}" symbol)
    list(APPEND files ${CMAKE_SOURCE_DIR}/${folder}/${path}.md)
    string(APPEND bytes "    .global ${symbol}_begin\n    .global ${symbol}_end\n"
           "${symbol}_begin:\n    .incbin \"${CMAKE_SOURCE_DIR}/${folder}/${path}.md\"\n"
           "${symbol}_end:\n    .byte 0\n")
    string(APPEND symbols "extern const char ${symbol}_begin[];\nextern const char ${symbol}_end[];\n")
    string(APPEND entries "      {\"${path}\", {${symbol}_begin, ${symbol}_end}},\n")
  endforeach()
  string(APPEND bytes "    .section .note.GNU-stack,\"\",%progbits\n")
  file(CONFIGURE OUTPUT ${source}.S CONTENT "@bytes@" @ONLY)
  file(CONFIGURE OUTPUT ${source}.cpp CONTENT
"// Made by cmake/Embed.cmake from the pages of ${folder}/.
#include \"${header}\"

extern \"C\" {
@symbols@}

namespace gatehouse {

std::span<const ${type}> ${function}() {
  static const ${type} kAll[] = {
@entries@  };
  return kAll;
}

}  // namespace gatehouse
" @ONLY)
  set_source_files_properties(${source}.S PROPERTIES
    OBJECT_DEPENDS "${files}" SKIP_PRECOMPILE_HEADERS ON)
  target_sources(gatehouse_${layer} PRIVATE ${source}.S ${source}.cpp)
endfunction()
