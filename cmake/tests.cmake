# The C++ tests. Each program is made only where it has sources.

find_package(GTest QUIET)
get_property(engines GLOBAL PROPERTY ROWFERRY_ENGINES)

# rf_gtest(<name> <source>...)
function(rf_gtest name)
  if(NOT ARGN)
    return()
  endif()
  # Debian has GoogleTest without its mocks as a package of its own.
  if(NOT TARGET GTest::gtest OR NOT TARGET GTest::gmock)
    message(STATUS "${name}: left out, GoogleTest and GoogleMock are not installed")
    return()
  endif()
  include(GoogleTest)
  add_executable(${name} ${ARGN})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_link_libraries(${name} PRIVATE rf_app rf_warnings GTest::gmock GTest::gtest
                                        GTest::gtest_main)
  gtest_discover_tests(${name} TEST_PREFIX ${name}: DISCOVERY_MODE PRE_TEST
                       PROPERTIES TIMEOUT 300)
endfunction()

# Unit tests stand beside their source; those of an engine that is left out are left out with it.
file(GLOB_RECURSE unit_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/*_test.cc)
set(left_out ${unit_sources})
list(FILTER left_out INCLUDE REGEX "/src/engine/[^/]+/")
foreach(engine IN LISTS engines ITEMS sql)
  list(FILTER left_out EXCLUDE REGEX "/src/engine/${engine}/")
endforeach()
if(left_out)
  list(REMOVE_ITEM unit_sources ${left_out})
endif()
rf_gtest(unit_tests ${unit_sources})

file(GLOB conformance_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/conformance/*.cc)
rf_gtest(conformance_tests ${conformance_sources})

# The same program with every engine wrapped, so that it can be made to fail at a named point.
file(GLOB faulty_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/faulty/*.cc)
if(faulty_sources)
  add_executable(rowferry-faulty ${faulty_sources})
  target_include_directories(rowferry-faulty PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_link_libraries(rowferry-faulty PRIVATE rf_app rf_warnings)
  set_target_properties(rowferry-faulty PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR})
endif()
