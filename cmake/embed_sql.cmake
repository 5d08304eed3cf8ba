# Compiles catalog queries into the program. Included, it defines rf_embed_sql; run as a script
# (cmake -DOUTPUT=… -DNAMESPACE=… -DFOLDER=… -P), it writes the header.
#
# rf_embed_sql(<target> <engine> <folder>): makes <build>/generated/engine/<engine>/sql.h with one
# constant rowferry::<engine>::sql_text::<stem> for each <folder>/<stem>.sql.

if(NOT CMAKE_SCRIPT_MODE_FILE)
  function(rf_embed_sql target engine folder)
    file(GLOB queries CONFIGURE_DEPENDS ${folder}/*.sql)
    if(NOT queries)
      return()
    endif()
    set(header ${PROJECT_BINARY_DIR}/generated/engine/${engine}/sql.h)
    set(script ${PROJECT_SOURCE_DIR}/cmake/embed_sql.cmake)
    # The list of files is an input too: a query that is removed must leave the header.
    list(JOIN queries "\n" listed)
    file(CONFIGURE OUTPUT ${header}.list CONTENT "${listed}\n")
    add_custom_command(
      OUTPUT ${header}
      COMMAND ${CMAKE_COMMAND} -DOUTPUT=${header} -DNAMESPACE=${engine} -DFOLDER=${folder} -P ${script}
      DEPENDS ${queries} ${script} ${header}.list
      COMMENT "Embedding the queries of ${engine}"
      VERBATIM)
    target_sources(${target} PRIVATE ${header})
  endfunction()
  return()
endif()

file(GLOB queries ${FOLDER}/*.sql)
list(SORT queries)
set(text "// Generated from ${NAMESPACE}/sql/*.sql.\n#pragma once\n\n#include <string_view>\n\n")
string(APPEND text "namespace rowferry::${NAMESPACE}::sql_text {\n")
foreach(query IN LISTS queries)
  get_filename_component(stem ${query} NAME_WE)
  file(READ ${query} sql)
  string(STRIP "${sql}" sql)
  string(APPEND text "\ninline constexpr std::string_view ${stem} = R\"rf_sql(${sql})rf_sql\";\n")
endforeach()
string(APPEND text "\n}  // namespace rowferry::${NAMESPACE}::sql_text\n")
file(WRITE ${OUTPUT} "${text}")
