#!/bin/bash
# Command lines that make no sense: exit 2, a message that says what and why, nothing on stdout.
. "$(dirname -- "$0")/lib.sh"

# refused FRAGMENT... -- ARGUMENT...: every fragment is in the message.
refused() {
	local fragments=()
	while [ "$1" != -- ]; do
		fragments+=("$1")
		shift
	done
	shift
	enomem "$@"
	check_status "enomem $*" 2
	for fragment in "${fragments[@]}"; do
		check_has "enomem $*" "$fragment"
	done
	check "enomem $*: stdout" "" "$(cat "$scratch/out")"
	checks=$((checks + 1))
	[ "$(wc -c <"$scratch/err")" -lt 1000 ] || fail "enomem $*: length of the message" "< 1000" "$(wc -c <"$scratch/err")"
}

# Words that are not there, with the near one.
refused '"runn"' 'did you mean "enomem run"?' -- runn
refused '"explian"' 'did you mean "enomem explain"?' -- explian many-mmaps
refused '"xyzzy"' 'enomem --help' -- xyzzy
refused '""' -- ''
refused '"many-maps"' 'did you mean "many-mmaps"?' -- run many-maps
refused '"bigfork"' 'did you mean "big-fork"?' -- run many-mmaps bigfork
refused '"ulimitv"' 'did you mean "ulimit-v"?' -- explain ulimitv
refused '"nonsense"' 'enomem list' -- run nonsense
refused '"nonsense*"' 'no such scenario' -- run 'nonsense*'
refused '"many-maps"' 'did you mean' -- run --skip many-maps
refused 'leaves no scenario' -- run --skip '*'
refused 'no such scenario' -- run ''
refused 'no such scenario' -- run ../scenarios/many-mmaps
refused 'one scenario' -- explain many-mmaps big-fork
refused 'explain what' -- explain
refused 'no arguments' -- list many-mmaps
for command in run list explain; do
	refused "unrecognized option '--nonsense'" -- $command --nonsense
done
refused "requires an argument" -- run --repeat

# Parameters.
refused 'pages' 'did you mean "pages"?' -- run many-mmaps -p page=2
refused '"vmas"' 'no chosen scenario has' -- run many-mmaps -p vmas=2
refused 'not name=value' -- run many-mmaps -p pages
refused 'no chosen scenario has' -- run many-mmaps -p =2
for value in 0 1048577 18446744073709551615 18446744073709551616 99999999999999999999999999; do
	refused "pages=$value" 'pages of many-mmaps is out of range' '1 to 1048576' -- run many-mmaps -p "pages=$value"
done
for value in '' ' 1' 1x 0x10 1.5 1e3 -1 +1 --1 one '1 2'; do
	refused 'whole number' '1 to 1048576' -- run many-mmaps -p "pages=$value"
done
refused 'vmas of big-fork is out of range' '1 to 4096' -- run big-fork -p vmas=4097
refused 'vmas of big-fork is out of range' '1 to 4096' -- explain big-fork -p vmas=0
refused 'anonymous|file' -- run many-mmaps -p backing=
refused 'anonymous|file' -- run many-mmaps -p backing=anon
refused 'anonymous|file' -- run many-mmaps -p 'backing=anonymous|file'
refused 'run|exec' -- run ulimit-v -p limit_at=boot
for value in '' K +K x 12X 1KB 1.5G -1 -64M ++1M '1 M'; do
	refused "limit=$value" '512M' -- run ulimit-v -p "limit=$value"
done
for value in 0 1 4095 +1 999T 16777216T 18446744073709551616 18446744073709551615T; do
	refused "limit=$value" 'out of range' -- run ulimit-v -p "limit=$value"
done
# The last of several counts, but each must make sense.
refused 'pages of many-mmaps' -- run many-mmaps -p pages=0 -p pages=1

# Options.
for value in 0 -1 '' x 1x 1.5 100001 18446744073709551616; do
	refused "--repeat $value" 'whole number from 1 to 100000' -- run --repeat="$value"
done
for value in 0 -1 '' x 65 18446744073709551616; do
	refused "--jobs $value" 'whole number from 1 to 64' -- run --jobs="$value"
done
for value in 0 -1 '' x 18446744073709551616; do
	refused "--at-most $value" 'whole number' -- run --at-most="$value"
done
for value in 0 -1 '' x 1x nan inf -inf 1e300 86401; do
	refused "--timeout $value" 'number of seconds' -- run --timeout="$value"
done
for value in -1 '' x 65536 18446744073709551616; do
	refused "--cpu $value" 'whole number' -- run --cpu="$value"
done
refused '--cpu 65535' 'no such CPU' -- run --cpu=65535
for value in '' xml JSON; do
	refused "--format $value" 'text, json or ktap' -- run --format="$value"
done
for value in '' some NONE; do
	refused "--isolation $value" 'auto, namespaces or none' -- run --isolation="$value"
done

# Very long ones are cut in the message.
long=$(printf 'a%.0s' {1..20000})
refused 'aaa' -- run "$long"
refused 'aaa' -- "$long"
refused 'aaa' -- run -p "$long=1"
refused 'aaa' -- run many-mmaps -p "pages=$long"
refused 'aaa' -- run many-mmaps -p "backing=$long"
refused 'aaa' -- run --repeat="$long"
refused '' -- run --output="$long"
many=()
for ((i = 0; i < 2000; i++)); do many+=(-p pages=1); done
refused 'more than' -- run many-mmaps "${many[@]}"

# Output files that cannot be opened, found before anything runs.
refused "$scratch" 'directory' -- run --output="$scratch"
refused "$scratch/none/file" 'No such file' -- run --output="$scratch/none/file"
refused 'cannot write' -- run --output=

# No command at all: the help, but it is not what was wanted.
enomem
check_status "no command" 2
for command in --help "run --help" "list --help" "explain --help" --version; do
	# shellcheck disable=SC2086
	enomem $command
	check_status "$command" 0
	check "$command: stderr" "" "$(cat "$scratch/err")"
done
finish
