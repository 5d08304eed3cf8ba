# What all targets share: warnings, ccache and a fast linker where there are such.

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo)
endif()

add_library(rf_warnings INTERFACE)
target_compile_options(rf_warnings INTERFACE -Wall -Wextra -Wshadow -Wnon-virtual-dtor)
if(ROWFERRY_WERROR)
  target_compile_options(rf_warnings INTERFACE -Werror)
endif()

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

include(CheckLinkerFlag)
foreach(linker IN ITEMS mold lld)
  check_linker_flag(CXX -fuse-ld=${linker} ROWFERRY_HAS_${linker})
  if(ROWFERRY_HAS_${linker})
    add_link_options(-fuse-ld=${linker})
    break()
  endif()
endforeach()
