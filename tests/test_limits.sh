#!/bin/bash
# Several limits near one another: the first in the kernel's order must win, in the prediction and in fact.
. "$(dirname -- "$0")/lib.sh"
needs_steady_limits
! sanitized || skip "ASan cannot run under RLIMIT_AS or RLIMIT_DATA"
map_limit=$(</proc/sys/vm/max_map_count)
[ "$map_limit" -le 262144 ] || skip "vm.max_map_count $map_limit: reaching it so often takes too long"
page=$(getconf PAGESIZE)

# limited AS DATA ARGUMENT...: soft limits in bytes or "unlimited", inherited by the scenario.
limited() { run prlimit --as="$1": --data="$2": "$ENOMEM_BIN" run --format json "${@:3}"; }

# cell WHAT CHECK ACCEPTED AS DATA ARGUMENT...: one that must be exact, refused there and by that.
cell() {
	limited "${@:4}"
	check_exact "$1" 1
	check_json "$1" "$2 $2 $3 $3" '"\(.prediction.check) \(.cause.check) \(.prediction.accepted) \(.refusal.accepted)"'
}

# measure PAGES [PROTECTION]: where a scenario with mappings of that many pages starts, and where the map count ends it.
measure() {
	limited unlimited unlimited many-mmaps -p "protection=${2:-write}" -p "pages=$1" --at-most=1
	read -r maps size data < <(json '.snapshots.before.process |
		"\(.map_count) \(.vm_size_kib * 1024) \(.vm_data_kib * 1024)"')
	by_maps=$((map_limit + 1 - maps))
}

write=(many-mmaps -p protection=write)
for pages in 1 3; do
	measure $pages
	bytes=$((pages * page))
	for rest in 0 $((pages - 1)); do
		for ahead in -1 0 1; do
			# The limit allows so many operations and `rest` pages that are not enough for another.
			allowed=$((by_maps + ahead))
			accepted=$((ahead < 0 ? allowed : by_maps))
			as=$((size + allowed * bytes + rest * page)) limit_data=$((data + allowed * bytes + rest * page))
			what="$pages pages, $ahead operations from the map limit, $rest pages left"
			cause=map-count
			[ "$ahead" -ge 0 ] || cause=rlimit-as
			cell "AS, $what" $cause $accepted $as unlimited "${write[@]}" -p pages=$pages
			[ "$ahead" -ge 0 ] || cause=rlimit-data
			cell "DATA, $what" $cause $accepted unlimited $limit_data "${write[@]}" -p pages=$pages
		done
		[ "$pages" -gt 1 ] || break
	done
done

# All three on one operation, and each of them one operation before the two others.
measure 1
as=$((size + by_maps * page)) limit_data=$((data + by_maps * page))
cell "maps, AS and DATA at once" map-count $by_maps $as $limit_data "${write[@]}"
cell "AS before maps and DATA" rlimit-as $((by_maps - 1)) $((as - page)) $limit_data "${write[@]}"
cell "DATA before maps and AS" rlimit-data $((by_maps - 1)) $as $((limit_data - page)) "${write[@]}"
cell "AS and DATA before maps" rlimit-as $((by_maps - 1)) $((as - page)) $((limit_data - page)) "${write[@]}"
cell "maps before AS and DATA" map-count $by_maps $((as + page)) $((limit_data + page)) "${write[@]}"

# AS against DATA, far from the map limit. AS is looked at first.
measure 16
bytes=$((16 * page)) allowed=1000
for ahead in -1 0 1; do
	for rest in 0 1 15; do
		as=$((size + (allowed + ahead) * bytes + rest * page)) limit_data=$((data + allowed * bytes))
		case $ahead in -1) cause=rlimit-as accepted=$((allowed - 1)) ;; 0) cause=rlimit-as accepted=$allowed ;;
		*) cause=rlimit-data accepted=$allowed ;; esac
		cell "AS $ahead operations from DATA, $rest pages left" $cause $accepted $as $limit_data "${write[@]}" -p pages=16
	done
done

# What is not writable does not count as data; a bound on the operation before is reached without refusal.
measure 16 read
cell "DATA does not count reading" rlimit-as 1000 $((size + 1000 * bytes)) $((data + bytes)) many-mmaps -p pages=16
measure 16
limited $((size + 1000 * bytes)) unlimited "${write[@]}" -p pages=16 --at-most=1000
check_json "AS, at most what it allows" "NO-REFUSAL true null" '"\(.verdict) \(.expected) \(.prediction.check)"'
cell "AS, at most one more" rlimit-as 1000 $((size + 1000 * bytes)) unlimited "${write[@]}" -p pages=16 --at-most=1001

# The other scenarios under each limit: whatever comes of it must have been predicted.
for limits in "67108864 unlimited" "unlimited 33554432" "67108864 33554432" "67108864 67108864"; do
	for scenario in big-fork fixed-map-hole madvise-at-limit mprotect-splits oversized-mmap ulimit-v; do
		# shellcheck disable=SC2086
		limited $limits $scenario
		check_status "$scenario, AS and DATA $limits" 0
		check_json "$scenario, AS and DATA $limits" "true 0 agrees" '"\(.expected) \(.difference) \(.evidence.model)"'
	done
	# shellcheck disable=SC2086
	limited $limits big-fork -p vmas=16
	check_exact "big-fork in 16, AS and DATA $limits" 1
	for kind in shrink grow move fixed dontunmap; do
		# shellcheck disable=SC2086
		limited $limits mremap-at-limit -p kind=$kind
		check_status "mremap-at-limit $kind, AS and DATA $limits" 0
		check_json "mremap-at-limit $kind, AS and DATA $limits" "true 0 agrees" \
			'"\(.expected) \(.difference) \(.evidence.model)"'
	done
done
finish
