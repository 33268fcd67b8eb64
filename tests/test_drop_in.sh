#!/bin/bash
# Adding a scenario is adding a file: dropped into a copy of the sources, it is listed and runs.
. "$(dirname -- "$0")/lib.sh"
command -v cmake >/dev/null || skip "no cmake here"

copy=$scratch/copy
mkdir -- "$copy"
tar -C "$source_tree" -cf - CMakeLists.txt README.md agent cmake runner scenarios | tar -C "$copy" -xf -
generator=()
! command -v ninja >/dev/null || generator=(-G Ninja)
build() { run env -u CC -u CFLAGS -u LDFLAGS cmake --build "$copy/build" -j "$(nproc)"; }

# Not optimised: it only has to be quick to build.
run cmake -S "$copy" -B "$copy/build" "${generator[@]}" -DENOMEM_TESTS=OFF -DCMAKE_C_FLAGS=-O0
check_status "configure" 0
build
check_status "build" 0
ENOMEM_BIN=$copy/build/enomem

enomem list --json
check "scenarios before" "${scenarios[*]}" "$(json '.[].name' | paste -sd ' ')"

# The simplest that a user could write: readable PROT_READ pages with a hole before each.
cat >"$copy/scenarios/dropped-in.c" <<'END'
#include <sys/mman.h>

#include "scenarios/lib/arena.h"
#include "scenarios/lib/calls.h"

static uintptr_t start;

static int prepare(struct run *run)
{
	return arena_find(&run->record->at_most, 2 * run->page_bytes, run->page_bytes, &start);
}

static int step(struct run *run, uint64_t number)
{
	return call_mmap_at(run, start + 2 * number * run->page_bytes, (size_t)run->page_bytes, PROT_READ,
	                    MAP_PRIVATE | MAP_ANONYMOUS, -1);
}

const struct scenario scenario = {
	.summary = "a file that was dropped in",
	.lesson = "That this is all there is to do.",
	.fix = "nothing to fix",
	.shape = SHAPE_COUNT,
	.operation = {"mmap pages=1 protection=read placement=chosen"},
	.prepare = prepare,
	.step = step,
};
END
build
check_status "build with the new file" 0
check "nothing else was edited" "scenarios/dropped-in.c" \
	"$(cd "$copy" && find . -newer build/CMakeCache.txt -type f ! -path './build/*' -printf '%P\n')"

enomem list
check_has "list" "a file that was dropped in" out
enomem list --json
check "scenarios after" "$(printf '%s\n' dropped-in "${scenarios[@]}" | sort | paste -sd ' ')" \
	"$(json '.[].name' | sort | paste -sd ' ')"
enomem explain dropped-in
check_status "explain" 0
check_has "explain" "That this is all there is to do." out
enomem run --format json dropped-in
check_exact "run" 1
check_json "run" map-count .cause.check
finish
