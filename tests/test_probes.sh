#!/bin/bash
# Each scenario against a probe that shares no code with the project.
. "$(dirname -- "$0")/lib.sh"
needs_steady_limits

# result ARGUMENT...: `enomem run` of one cell, which must be exact.
result() {
	enomem run --format json "$@"
	check_exact "$*" 1
}

# What the scenario did, counted its own way: how far its map count moved, and what it made itself.
# The probe starts from another count than the scenario, so only ends and differences can be compared.
maps_compared() {
	local what=$1 maps_each=$2 before at accepted
	read -r before at accepted < <(json '"\(.snapshots.before.process.map_count) \(.snapshots.at_refusal.process.map_count) \(.refusal.accepted)"')
	check "$what: map count at the refusal, scenario and probe" "$(jq -r .map_count_at_refusal "$scratch/probe")" "$at"
	check "$what: errno, scenario and probe" "$(jq -r .errno "$scratch/probe")" "$(json .refusal.errno)"
	check "$what: operations and maps at start make up that count" "$at" $((before + maps_each * accepted + $4))
	check "$what: and so in the probe" "$(jq -r .map_count_at_refusal "$scratch/probe")" \
		"$(jq -r ".map_count_at_start + $maps_each * .$3 + $4" "$scratch/probe")"
}

# Keeps what the probe printed as JSON, since the scenario's result takes its place.
probe_kept() {
	probe "$@"
	check_status "probe $*" 0
	jq -Rn '[inputs | capture("(?<key>[^=]+)=(?<value>.*)") | .value |= if test("^[0-9]+$") then tonumber else . end] | from_entries' \
		"$scratch/out" >"$scratch/probe"
}

# many-mmaps: a map for each operation.
for backing in anonymous file; do
	for pages in 1 16; do
		probe_kept many-mmaps "$backing" "$pages"
		result many-mmaps -p "backing=$backing" -p "pages=$pages"
		maps_compared "many-mmaps $backing $pages" 1 mmaps 0
	done
done

# mprotect-splits: two for each, and the first split of the refused one may have stayed behind.
probe_kept mprotect-splits
stayed=$(jq '.map_count_at_refusal - .map_count_at_start - 2 * .calls' "$scratch/probe")
result mprotect-splits
at_start=$(json .snapshots.before.process.map_count)
if (((at_start - $(jq .map_count_at_start "$scratch/probe")) % 2)); then
	# Starting from a count of the other parity, the limit cuts the other half of an operation.
	stayed=$((1 - stayed))
fi
check "mprotect-splits: map count at the refusal" "$(jq -r .map_count_at_refusal "$scratch/probe")" \
	"$(json .snapshots.at_refusal.process.map_count)"
check "mprotect-splits: what stayed behind of the refused call" "$stayed" \
	"$(json '.snapshots.at_refusal.process.map_count - .snapshots.before.process.map_count - 2 * .refusal.accepted')"

# mremap-at-limit: the same call is refused at the same count, whatever was mapped and remapped before.
for kind in shrink grow move fixed; do
	probe_kept mremap-at-limit "$kind"
	result mremap-at-limit -p "kind=$kind"
	check "mremap-at-limit $kind: refused call" "$(jq -r .refused_call "$scratch/probe")" "$(json .refusal.call)"
	check "mremap-at-limit $kind: errno" "$(jq -r .errno "$scratch/probe")" "$(json .refusal.errno)"
	check "mremap-at-limit $kind: map count at the refusal" "$(jq -r .map_count_at_refusal "$scratch/probe")" \
		"$(json .snapshots.at_refusal.process.map_count)"
done
probe_kept mremap-at-limit dontunmap
result mremap-at-limit -p kind=dontunmap
check "mremap-at-limit dontunmap: refused call" "$(jq -r .refused_call "$scratch/probe")" "$(json .refusal.call)"
# Two maps for each of the scenario's operations, one for each of the probe's.
beyond=$(($(json .snapshots.at_refusal.process.map_count) - $(jq .map_count_at_refusal "$scratch/probe")))
check_true "mremap-at-limit dontunmap: $beyond maps beyond the probe's first refusal" "beyond == 0 || beyond == 1"

# madvise-at-limit: two for each, like mprotect-splits.
for advice in dontfork dontdump wipeonfork random; do
	probe_kept madvise-at-limit "$advice"
	result madvise-at-limit -p "advice=$advice"
	check "madvise-at-limit $advice: errno" "$(jq -r .errno "$scratch/probe")" "$(json .refusal.errno)"
	check "madvise-at-limit $advice: map count at the refusal" "$(jq -r .map_count_at_refusal "$scratch/probe")" \
		"$(json .snapshots.at_refusal.process.map_count)"
	check "madvise-at-limit $advice: operations and maps at start make up that count, and so in the probe" "0 0" \
		"$(json '(.snapshots | .at_refusal.process.map_count - .before.process.map_count) - 2 * .refusal.accepted | . / 2 | floor') $(
			jq '(.map_count_at_refusal - .map_count_at_start - 2 * .calls) / 2 | floor' "$scratch/probe"
		)"
done

# Sizes: to the page.
probe_kept fixed-map-hole
result fixed-map-hole
check "fixed-map-hole: largest size" "$(jq -r .largest_pages "$scratch/probe")" "$(json .refusal.accepted)"
check "fixed-map-hole: errno" "$(jq -r .errno "$scratch/probe")" "$(json .refusal.errno)"
check "fixed-map-hole: what is left" "$(jq -r .left "$scratch/probe")" "$(json '.left.measured // "-"')"

probe_kept oversized-mmap
result oversized-mmap
check "oversized-mmap: largest size" "$(jq -r .largest_pages "$scratch/probe")" "$(json .refusal.accepted)"
check "oversized-mmap: errno" "$(jq -r .errno "$scratch/probe")" "$(json .refusal.errno)"

for vmas in 1 2 16; do
	probe_kept big-fork "$vmas"
	result big-fork -p "vmas=$vmas"
	check "big-fork $vmas: largest size" "$(jq -r .largest_pages "$scratch/probe")" "$(json .refusal.accepted)"
	check "big-fork $vmas: refused call" "$(jq -r .refused_call "$scratch/probe")" "$(json .refusal.call)"
	check "big-fork $vmas: errno" "$(jq -r .errno "$scratch/probe")" "$(json .refusal.errno)"
	check "big-fork $vmas: vfork" "$(jq -r .vfork "$scratch/probe")" "$(json 'if .fix.works then "ok" else .fix.errno end')"
done

# ulimit-v: both end with the whole limit in use, whatever they started with.
for limit in 33554432 134217728; do
	for pages in 1 16; do
		probe_kept ulimit-v "$limit"
		result ulimit-v -p "limit=$limit" -p "pages=$pages"
		page_kib=$(json '.host.page_bytes / 1024')
		full=$(jq .vm_pages_at_refusal "$scratch/probe")
		check "ulimit-v $limit: the probe fills the limit" "$(jq .limit_pages "$scratch/probe")" "$full"
		left=$((full - $(json .snapshots.at_refusal.process.vm_size_kib) / page_kib))
		check_true "ulimit-v $limit $pages: no operation more would fit into the $left pages left" \
			"0 <= left && left < pages"
		check "ulimit-v $limit $pages: errno" "$(jq -r .errno "$scratch/probe")" "$(json .refusal.errno)"
	done
done
finish
