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
