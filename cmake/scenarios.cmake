# Scenario programs: one file each, found by looking; the catalogue is built by asking them.

set(SCENARIO_OPTIONS -O2 -fno-builtin -fno-stack-protector -fcf-protection=none)

# add_scenarios(TARGET DIRECTORY SOURCE...): builds each SOURCE into DIRECTORY/scenarios/NAME and
# DIRECTORY/catalogue.json from what the programs say of themselves.
function(add_scenarios target directory)
  set(programs "")
  foreach(source ${ARGN})
    get_filename_component(name ${source} NAME_WE)
    add_executable(scenario-${name} ${source} ${CMAKE_SOURCE_DIR}/scenarios/lib/main.c)
    target_compile_definitions(scenario-${name} PRIVATE SCENARIO_NAME="${name}")
    target_compile_options(scenario-${name} PRIVATE ${SCENARIO_OPTIONS})
    target_link_libraries(scenario-${name} PRIVATE scenario-lib)
    target_link_options(scenario-${name} PRIVATE -static)
    set_target_properties(scenario-${name} PROPERTIES
      OUTPUT_NAME ${name} RUNTIME_OUTPUT_DIRECTORY ${directory}/scenarios POSITION_INDEPENDENT_CODE OFF)
    list(APPEND programs $<TARGET_FILE:scenario-${name}>)
    list(APPEND targets scenario-${name})
  endforeach()
  add_custom_command(
    OUTPUT ${directory}/catalogue.json
    COMMAND ${CMAKE_SOURCE_DIR}/cmake/catalogue.sh ${directory}/catalogue.json ${programs}
    DEPENDS ${targets} ${CMAKE_SOURCE_DIR}/cmake/catalogue.sh
    VERBATIM)
  add_custom_target(${target} ALL DEPENDS ${directory}/catalogue.json)
endfunction()
