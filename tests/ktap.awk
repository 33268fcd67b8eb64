# An independent reader of KTAP, version 1 (Documentation/dev-tools/ktap.rst), without subtests. Prints "N tests: N ok, N not
# ok, N skipped", or what is wrong, and then its status is 1.
function wrong(why) { printf "line %d: %s: %s\n", NR, why, $0; bad = 1; exit 1 }

NR == 1 { if ($0 != "KTAP version 1") wrong("no version line"); next }
NR == 2 { if (!match($0, /^1\.\.[0-9]+$/)) wrong("no plan"); planned = substr($0, 4) + 0; next }
/^#/ { if (!match($0, /^# [^ ]?/)) wrong("a diagnostic line needs a space"); next }
/^(not )?ok / {
	passed = $1 == "ok"
	rest = passed ? substr($0, 4) : substr($0, 8)
	if (!match(rest, /^[0-9]+ /)) wrong("no number")
	if (substr(rest, 1, RLENGTH) + 0 != ++seen) wrong("not number " seen)
	rest = substr(rest, RLENGTH + 1)
	at = index(rest, " # ")
	name = at ? substr(rest, 1, at - 1) : rest
	directive = at ? substr(rest, at + 3) : ""
	if (!match(name, /^[^ #]+$/)) wrong("no name")
	if (name in names) wrong("this name was there before")
	names[name]
	if (directive != "" && !match(directive, /^(SKIP|TODO|XFAIL|TIMEOUT|ERROR)( .+)?$/)) wrong("no directive")
	if (directive ~ /^SKIP/) { if (!passed) wrong("skipped, and not ok"); skipped++ }
	else if (passed) ok++
	else failed++
	next
}
{ wrong("neither result nor diagnostic") }
END {
	if (bad) exit 1
	if (seen != planned) { printf "%d results of %d\n", seen, planned; exit 1 }
	printf "%d tests: %d ok, %d not ok, %d skipped\n", seen, ok, failed, skipped
}
