#!/bin/bash
# What the tool prints: the results' schema, the table with the same numbers, list, explain, colour, jobs.
. "$(dirname -- "$0")/lib.sh"
needs_steady_limits

# The names of contract 4 and the types of what is behind them.
schema='
def integer: type == "number" and . == floor;
def text: type == "string" and length > 0;
def band: keys == ["least", "most"] and (.least | integer) and (.most | integer);
def agreement: . == "agrees" or . == "disagrees" or . == "absent";
def maybe(f): . == null or f;
def limits: all(.[]; keys == ["hard", "soft"] and all(.[]; maybe(integer and . >= 0)));
def process: (.map_count, .vm_size_kib, .vm_data_kib, .vm_locked_kib | integer and . >= 0) and (.limits | limits)
	and (.limits | keys | contains(["as", "data"]));
def machine: all(.mem_total_kib, .swap_total_kib, .commit_limit_kib, .committed_as_kib, .max_map_count,
	.overcommit_memory, .overcommit_ratio, .overcommit_kbytes; integer and . >= 0);
{
	schema: (.schema == 1),
	names: all(.scenario, .configuration, .environment, .kernel, .tool; text),
	parameters: (.parameters | type == "object" and all(.[]; type == "string")),
	prediction: (.prediction | (.accepted | integer) and (.band | maybe(band)) and all(.unit, .call, .errno, .check; text)),
	unit: (.prediction.unit | . == "operations" or . == "pages"),
	refusal: (.refusal | (.accepted | integer) and all(.unit, .call, .errno; text)),
	address: (.refusal.address | test("^0x[0-9a-f]+$")),
	cause: (.cause | all(.check, .knob, .text; text) and (.value | integer) and (.limit | integer)),
	evidence: (.evidence | keys == ["model", "push", "witness"] and all(.[]; agreement)),
	difference: (.difference | integer),
	verdict: (.verdict | IN("EXACT", "OFF", "NO-REFUSAL", "KILLED", "CRASHED", "TIMEOUT", "SKIP", "BROKEN")),
	pushes: (.pushes | length > 0 and all(.[]; (.kind | text) and (.amount | integer) and (.made | type == "boolean"))),
	isolation: (.isolation | (.namespaces | type == "array") and (.uid | integer) and (.missing | maybe(text))),
	timings: (.timings | length > 0 and all(.[]; integer and . >= 0)),
	before: (.snapshots.before | (.process | process) and (.machine | machine)),
	at_refusal: (.snapshots.at_refusal | (.process | process) and (.machine | machine)),
	host: (.host | all(.kernel, .distribution; text) and (.page_bytes | integer) and (.numbers | machine)),
	topology: (.host.topology | (.synthetic | text) and all(.processing_units, .numa_nodes; integer and . >= 1)),
	cgroup: (.host.cgroup_limits | all(.[]; (.value | maybe(integer and . >= 0)) and (.version | IN(1, 2)))),
	cpu: (.cpu | integer)
} | to_entries[] | select(.value | not) | .key'

enomem run --format json -o "$scratch/file"
check_exact "run" ${#scenarios[@]}
check "run: stderr, not a terminal" "" "$(cat "$scratch/err")"
check "what is wrong in the results" "" "$(json "$schema" | sort -u | paste -sd ' ')"
check "one object on each line" ${#scenarios[@]} "$(jq -c . "$scratch/out" | wc -l)"
check "-o and stdout" "" "$(cmp "$scratch/out" "$scratch/file" 2>&1)"
check "an unlimited limit is null" true "$( (
	ulimit -S -s unlimited 2>/dev/null || ulimit -S -v unlimited
	"$ENOMEM_BIN" run many-mmaps --at-most=1 --format json
) | jq '.snapshots.before.process.limits.as.soft == null')"
check_json "the kernel" "$(uname -r)" .kernel
check_json "the map limit" "$(</proc/sys/vm/max_map_count)" .snapshots.before.machine.max_map_count
check_json "RAM" "$(awk '/^MemTotal/ {print $2}' /proc/meminfo)" .host.numbers.mem_total_kib

# The table says the same. Times and what depends on the layout of a process apart.
unwrapped() { sed -e ':a' -e N -e '$!ba' -e 's/\n \{12\}/ /g' "$scratch/out"; } # notes are wrapped
numbers='[.scenario, .refusal.accepted, .prediction.accepted, .difference, .verdict] | map(tostring) | join(" ")'
json "$numbers" >"$scratch/json"
json '.cause.text' >"$scratch/causes"
enomem run
check_status "run, as text" 0
check "run, as text: stderr" "" "$(cat "$scratch/err")"
check "numbers of the table" "$(cat "$scratch/json")" \
	"$(awk '/E(NOMEM|AGAIN) .*EXACT/ {print $1, $(NF-5), $(NF-4), $(NF-3), $(NF-2)}' "$scratch/out")"
check "causes of the table" "$(cat "$scratch/causes")" "$(unwrapped | sed -n 's/^ *cause  *\(.*[^ ]\)  *\[.*/\1/p')"
check_has "the host line" "$(uname -r)" out
check_has "the host line" "vm.max_map_count $(</proc/sys/vm/max_map_count)" out
check_has "the tally" "${#scenarios[@]} cells: ${#scenarios[@]} EXACT" out

# No colour but on a terminal that wants it; there is one with `script`.
check_lacks "run, not a terminal: escapes" $'\033' out
if command -v script >/dev/null; then
	on_terminal() { run env "$1" script -qec "$ENOMEM_BIN run ulimit-v --at-most=9" /dev/null; }
	on_terminal TERM=xterm
	check_has "run on a terminal: colour" $'\033[32m' out
	on_terminal NO_COLOR=1
	check_lacks "NO_COLOR=1 on a terminal" $'\033[32m' out
fi

# Several at a time: the same results, whatever the order.
key='[.scenario, .refusal.accepted, .prediction.accepted, .verdict, .repeat] | map(tostring) | join(" ")'
enomem run --repeat 2 --format json
json "$key" | sort >"$scratch/one"
enomem run --repeat 2 --format json --jobs 2
check_exact "--jobs 2" $((2 * ${#scenarios[@]}))
check "--jobs 2: results" "$(cat "$scratch/one")" "$(json "$key" | sort)"
enomem run --repeat 2 --jobs 2
check "--jobs 2: rows in the order of the plan" "$(printf '%s\n%s\n' "${scenarios[@]/%/}" "${scenarios[@]}" | sort)" \
	"$(awk '/E(NOMEM|AGAIN) .*EXACT/ {print $1}' "$scratch/out")"
cpu=$(awk '/^Cpus_allowed_list/ {split($2, a, /[-,]/); print a[1]}' /proc/self/status)
enomem run ulimit-v many-mmaps --at-most=9 --cpu="$cpu" --format json
check_json "--cpu" "$cpu" .cpu

# Selection.
enomem run 'm*' --skip '*splits' --skip '*limit' ulimit-v --at-most=9 --format json
check "globs and --skip" "many-mmaps ulimit-v" "$(json .scenario | paste -sd ' ')"

# list and explain.
enomem list --json
check "list --json" "${scenarios[*]}" "$(json '.[].name' | paste -sd ' ')"
check "list --json: types" true "$(json 'all(.[]; (.name, .summary, .lesson, .fix, .shape | type == "string")
	and (.parameters | type == "array") and all(.parameters[]; (.name, .kind, .default, .summary | type == "string")))')"
enomem list
for scenario in "${scenarios[@]}"; do check_has "list" "$scenario" out; done

# Where each is refused, in that order.
function=(dup_mmap __vm_enough_memory madvise_ do_mmap split_vma do_m __vm_enough_memory may_expand_vm)
for i in "${!scenarios[@]}"; do
	enomem explain "${scenarios[i]}"
	check_status "explain ${scenarios[i]}" 0
	check_has "explain ${scenarios[i]}: the kernel's function" "${function[i]}" out
	number=$(awk -v s="${scenarios[i]}" '$1 == s {print $2}' "$scratch/json")
	check_has "explain ${scenarios[i]}: this host's number" "$number" out
	check_has "explain ${scenarios[i]}: what to do" "What to do" out
	check "explain ${scenarios[i]}: longest line" 1 "$(awk '{if (length > m) m = length} END {print m <= 120}' "$scratch/out")"
done
finish
