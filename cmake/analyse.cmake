# cmake --build --preset release --target analyse: clang-tidy and cppcheck over all sources but the
# unit tests, whose macros neither can read.
find_program(RUN_CLANG_TIDY run-clang-tidy)
find_program(CPPCHECK cppcheck)
if(RUN_CLANG_TIDY AND CPPCHECK)
  add_custom_target(analyse
    COMMAND ${RUN_CLANG_TIDY} -quiet -p ${CMAKE_BINARY_DIR} "^${CMAKE_SOURCE_DIR}/(agent/|bench/|runner/(?!tests/)|scenarios/|tests/)"
    COMMAND ${CPPCHECK} --project=${CMAKE_BINARY_DIR}/compile_commands.json --enable=warning,performance,portability
            --inline-suppr --suppressions-list=${CMAKE_SOURCE_DIR}/cmake/cppcheck.suppressions --error-exitcode=1 --quiet
            -j 2 -i ${CMAKE_SOURCE_DIR}/runner/tests
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
    VERBATIM)
endif()
