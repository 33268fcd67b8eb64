#!/bin/bash
# Baselines that are the same each time, runs against them, and the same as KTAP.
. "$(dirname -- "$0")/lib.sh"
needs_steady_limits
files=$source_tree/tests/compare

plan=(--config default --config limited:rlimit.as=512M,rlimit.data=64M)
cells=$((2 * ${#scenarios[@]}))
baseline=$scratch/baseline.jsonl

# check_ktap WHAT EXPECTED
check_ktap() { check "$1: KTAP" "$2" "$(awk -f "$source_tree/tests/ktap.awk" "$scratch/out" 2>&1)"; }

# The same run makes the same bytes, whatever else is different.
enomem run "${plan[@]}" --baseline "$baseline"
check_status "a baseline" 0
check "a baseline: stderr" "" "$(cat "$scratch/err")"
enomem run "${plan[@]}" --baseline="$scratch/again" -j 2 --timeout 100 --format json -o "$scratch/results"
check_status "again" 0
check "again: the same bytes" "" "$(cmp "$baseline" "$scratch/again" 2>&1)"
check "a line for each cell, and one before" $((cells + 1)) "$(wc -l <"$baseline")"
check "its header" "1 1 $cells enomem run ${plan[*]}" \
	"$(head -n 1 "$baseline" | jq -r '"\(.schema) \(.baseline) \(.cells) \(.command)"')"
check_true "it is small" "$(wc -c <"$baseline") < 1000 * ($cells + 2)"
check "nothing of this machine or of the moment" "" "$(grep -oE "_ns\"|0x[0-9a-f]|mem_available|\"tool\"" "$baseline" || :)"
check "in the order of the plan" "$(jq -r 'select(.scenario) | .scenario + .configuration' "$baseline")" \
	"$(for configuration in default limited; do printf '%s\n' "${scenarios[@]/%/$configuration}"; done)"

# compare takes it on either side.
for pair in "$baseline $scratch/results" "$scratch/results $baseline" "$baseline $scratch/again"; do
	# shellcheck disable=SC2086
	enomem compare $pair
	check_status "compare $pair" 0
	check "compare $pair" "$cells pairs: $cells unchanged, 0 moved or changed" "$(cat "$scratch/out")"
done

# Against it.
enomem run "${plan[@]}" --against "$baseline"
check_status "unchanged" 0
check_has "unchanged" "$cells pairs: $cells unchanged, 0 moved or changed" out
enomem run "${plan[@]}" --against "$scratch/results"
check_status "unchanged, results" 0
enomem run "${plan[@]}" --against "$baseline" --format ktap
check_status "unchanged, KTAP" 0
check_ktap "unchanged" "$cells tests: $cells ok, 0 not ok, 0 skipped"
check_has "unchanged, KTAP" "# $cells pairs: $cells unchanged, 0 moved or changed" out
enomem run "${plan[@]}" --against "$baseline" many-mmaps --format json
check_status "a part of it" 0
check_json "a part of it" EXACT .verdict
check_has "a part of it" "2 pairs: 2 unchanged, 0 moved or changed; $((cells - 2)) cells of $baseline were not run"
enomem run --config default --config other:rlimit.as=256M --against "$baseline" ulimit-v
check_status "more than it has" 0
check_has "more than it has" "missing in BEFORE  ulimit-v (limit=256M" out

# A kernel that did otherwise.
jq -c 'if .scenario == "many-mmaps" and .configuration == "limited" then .refusal.accepted += 3 else . end' "$baseline" \
	>"$scratch/edited"
enomem run "${plan[@]}" --against "$scratch/edited"
check_status "changed" 1
check_has "changed" "many-mmaps (backing=anonymous, pages=1, protection=read) [limited in ns]" out
check_has "changed" "operations (-3)" out
check_has "changed" "$((cells - 1)) unchanged, 1 moved or changed" out
enomem run "${plan[@]}" --against "$scratch/edited" --format ktap -j 2
check_status "changed, KTAP" 1
check_ktap "changed" "$cells tests: $((cells - 1)) ok, 1 not ok, 0 skipped"
check "changed, KTAP: which" "not ok $((${#scenarios[@]} + 4)) many-mmaps.limited" "$(grep '^not ok' "$scratch/out")"
check_has "changed, KTAP" "# many-mmaps (backing=anonymous, pages=1, protection=read) [limited in ns]" out
check_has "changed, KTAP" "NOT explained: the model predicts no change" out
jq -c 'if .scenario == "many-mmaps" then .verdict = "OFF" else . end' "$baseline" >"$scratch/edited"
enomem run "${plan[@]}" --against "$scratch/edited" many-mmaps --format ktap
check_status "another verdict" 1
check_ktap "another verdict" "2 tests: 0 ok, 2 not ok, 0 skipped"

# Without a baseline what is not as predicted is not ok.
enomem run "${plan[@]}" --format ktap
check_status "KTAP" 0
check_ktap "KTAP" "$cells tests: $cells ok, 0 not ok, 0 skipped"
enomem run many-mmaps --repeat 3 --at-most 10 --format ktap
check_ktap "repeats" "3 tests: 3 ok, 0 not ok, 0 skipped"
check_has "repeats" "ok 3 many-mmaps.default.repeat-3" out
enomem run --timeout 0.01 many-mmaps --format ktap
check_status "too slow" 1
check_ktap "too slow" "1 tests: 0 ok, 1 not ok, 0 skipped"
check_has "too slow" " # TIMEOUT " out

# A baseline is written whole or not at all.
cp "$baseline" "$scratch/kept"
enomem run "${plan[@]}" --timeout 0.01 --baseline "$scratch/kept"
check_status "not measured" 1
check_has "not measured" "cannot write baseline $scratch/kept: "
check "not measured: it is as it was" "" "$(cmp "$baseline" "$scratch/kept" 2>&1)"
run timeout --foreground --signal INT 0.5 "$ENOMEM_BIN" run --repeat 1000 --baseline "$scratch/kept"
check_has "interrupted" "baseline $scratch/kept is not written"
check "interrupted: it is as it was" "" "$(cmp "$baseline" "$scratch/kept" 2>&1)"
check "nothing is left behind" "" "$(find "$scratch" -name '*.new-*')"

# Bad input: nothing is run, nothing written.
nothing_done() {
	check_status "$1" 2
	check "$1: stdout" "" "$(cat "$scratch/out")"
	check "$1: -o" "no" "$([ -e "$scratch/never" ] && echo yes || echo no)"
}
{ head -n 1 "$baseline" | jq -c '.baseline = 0' && tail -n +2 "$baseline"; } >"$scratch/older"
enomem run "${plan[@]}" -o "$scratch/never" --against "$scratch/older"
nothing_done "an older schema"
check_has "an older schema" "$scratch/older: line 1: it is a baseline with \"baseline\" 0, and this enomem reads 1"
check_has "an older schema" "make it again: enomem run ${plan[*]} --baseline FILE"
head -c -50 "$baseline" >"$scratch/cut"
enomem run "${plan[@]}" -o "$scratch/never" --against "$scratch/cut"
nothing_done "cut off"
check_has "cut off" "by its header it has $cells cells, and $((cells - 1)) are there"
sed '3s/"EXACT"/"EXACTLY"/' "$baseline" >"$scratch/damaged"
enomem run "${plan[@]}" -o "$scratch/never" --against "$scratch/damaged"
nothing_done "damaged"
check_has "damaged" "$scratch/damaged: line 3: bad \"verdict\""
enomem run -o "$scratch/never" --config unheard-of --against "$baseline"
nothing_done "nothing in common"
check_has "nothing in common" "none of the ${#scenarios[@]} cells of this run is in it"
for options in "--against $scratch/none" "--against $files/bad/empty" "--baseline $scratch/none/file" "--baseline $scratch" \
	"--baseline /dev/null" "--dry-run --baseline $scratch/never" "--dry-run --against $baseline" "--dry-run --format ktap" \
	"--format tap"; do
	# shellcheck disable=SC2086
	enomem run "${plan[@]}" -o "$scratch/never" $options
	nothing_done "$options"
done
finish
