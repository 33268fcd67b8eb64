#!/bin/bash
# map_limits.sh ENOMEM MAP-LIMITS [RUNS]: seven limits of vm.max_map_count, by enomem with its proofs and as LTP's
# max_map_count test does them; medians of paired runs. As root.
set -euo pipefail
runs=${3:-7} configurations=()
for limit in 1024 2048 4096 8192 16384 32768 65536; do
	configurations+=(--config "maps-$limit:vm.max_map_count=$limit")
done
microseconds() {
	local began=${EPOCHREALTIME/./}
	"$@" >/dev/null
	echo $((${EPOCHREALTIME/./} - began))
}
for ((i = 0; i < runs; i++)); do
	ours=$(microseconds "$1" run --allow-host-changes "${configurations[@]}" many-mmaps)
	theirs=$(microseconds "$2")
	echo "$((1000 * ours / theirs)) $ours $theirs"
done | sort -n | awk '{line[NR] = $0} END {split(line[int((NR + 1) / 2)], f, " ")
	printf "seven map limits, median of %d paired runs: as LTP does it %.2f s  enomem %.2f s  ratio %.3f\n",
		NR, f[3] / 1e6, f[2] / 1e6, f[1] / 1000}'
