#!/bin/sh
# catalogue.sh OUTPUT PROGRAM...: asks each scenario program to describe itself.
set -eu
output=$1
shift
{
	separator='['
	for program in "$@"; do
		printf '%s\n' "$separator"
		"$program" --describe
		separator=','
	done
	printf ']\n'
} >"$output.new"
mv "$output.new" "$output"
