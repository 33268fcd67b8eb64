#!/bin/bash
# guests.sh ENOMEM BARE GUEST_INIT [KERNEL [RUNS [PLAN]]]: a plan (core) in a guest, with all its proofs, beside a boot of
# the same guest that makes the same calls in bare loops. Both are run in turn; the medians and their ratio are printed.
set -euo pipefail
enomem=$1 bare=$2 init=$3 kernel=${4:-debian:7.2} runs=${5:-3} plan_name=${6:-core}
scratch=$(mktemp -d "${TMPDIR:-/tmp}/enomem-bench.XXXXXX")
trap 'rm -rf -- "$scratch"' EXIT
scenarios=(big-fork many-mmaps mprotect-splits oversized-mmap ulimit-v)

mkdir -p "$scratch/libexec/scenarios"
cp -- "$init" "$scratch/libexec/enomem-agent"
cp -r -- "$(dirname -- "$enomem")/catalogue.json" "$(dirname -- "$enomem")/plans/" "$scratch/libexec/"
for name in "${scenarios[@]}"; do cp -- "$bare" "$scratch/libexec/scenarios/$name"; done

# It says nothing, so enomem would boot it again: the second time there is nothing to run.
cat >"$scratch/qemu" <<END
#!/bin/bash
[ ! -e "$scratch/measured" ] || exit 0
begin=\$(date +%s%N)
qemu-system-x86_64 "\$@"
echo \$((\$(date +%s%N) - begin)) >"$scratch/measured"
END
chmod +x "$scratch/qemu"

now() { date +%s%N; }
median() { sort -n | sed -n "$(((runs + 1) / 2))p"; }

plan=("${scenarios[@]}" --plan "$plan_name" --env "vm:$kernel" --timeout 300)
witness=$("$enomem" run --help | grep -o -- --witness | head -n 1 || true)
for ((i = 0; i < runs; i++)); do
	begin=$(now)
	"$enomem" run "${plan[@]}" $witness --format json >"$scratch/results" || echo "not all EXACT" >&2
	echo $(($(now) - begin)) >>"$scratch/ours"
	rm -f -- "$scratch/measured"
	ENOMEM_QEMU=$scratch/qemu ENOMEM_LIBEXEC=$scratch/libexec "$enomem" run "${plan[@]}" >/dev/null 2>&1 || true
	cat "$scratch/measured" >>"$scratch/bare"
	paste "$scratch/ours" "$scratch/bare" | tail -n 1 | awk '{printf "%.3f\n", $1 / $2}' >>"$scratch/ratios"
done
printf '%s, plan %s, %d cells%s, medians of %d paired runs: bare %.2f s  enomem %.2f s  ratio %s\n' "$kernel" "$plan_name" \
	"$(wc -l <"$scratch/results")" "${witness:+ with witness}" "$runs" \
	"$(median <"$scratch/bare" | awk '{print $1 / 1e9}')" "$(median <"$scratch/ours" | awk '{print $1 / 1e9}')" \
	"$(median <"$scratch/ratios")"
