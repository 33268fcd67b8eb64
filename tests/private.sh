# A copy of the tool with all scenarios, in $scratch/tool, so that its processes can be told from those of
# other runs. Source it after lib.sh.
# shellcheck shell=bash source=lib.sh

tool=${scratch:?lib.sh comes first}/tool
mkdir -p -- "$tool/scenarios"
cp -- "$ENOMEM_BIN" "$ENOMEM_BUILD/enomem-agent" "$tool/"
cp -- "${scenarios[@]/#/$ENOMEM_BUILD/scenarios/}" "$tool/scenarios/"
cp -- "$test_libexec"/scenarios/{crasher,liar,nothing,sleeper,spy} "$tool/scenarios/"
jq -s add "$ENOMEM_BUILD/catalogue.json" "$test_libexec/catalogue.json" >"$tool/catalogue.json"
ENOMEM_BIN=$tool/enomem
test_libexec=$tool

# The living processes of that copy, one "PID PROGRAM" a line.
private_processes() {
	find /proc/[0-9]*/exe -maxdepth 0 -lname "$tool/*" -printf '%h %l\n' 2>/dev/null |
		sed 's#^/proc/\([0-9]*\) .*/#\1 #' || true
}

no_processes() { [ -z "$(private_processes)" ]; }
