#!/bin/bash
# How well nperf compare tells on this machine: of TRIALS comparisons of runs of the same binary, how many are called
# equal; and with every time of the second side made 5 % longer, in how many that is called.
#
#   scripts/compare-check.sh BINARY [OPTIONS] [-- OPTIONS OF THE RUN]
#
#   BINARY            the published nperf
#   --runs N          runs a side (default: 1)
#   --trials N        comparisons of each kind (default: 100)
#   --slower PERCENT  by how much the second side is made longer (default: 5)
#
# The run's options are -b 1M -B 16M where none are given. A trial takes 2 x N runs, in turns. Prints both counts; exits with
# 1 where fewer than 95 of 100 are called right. Needs jq.
set -euo pipefail

# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

runs=1 trials=100 slower=5 rest=()
arguments runs trials slower -- "$@"
whole 1 runs trials slower
needs jq
options=(-b 1M -B 16M)
((${#rest[@]} == 0)) || options=("${rest[@]}")
at_work

# The same document with every time longer by so much.
delay() {
    jq --argjson factor "1.$(printf %02d "$slower")" '
        def times: with_entries(if .key == "samples" then . else .value *= $factor end);
        .results[] |= (.timeUs |= times | .ranks[].timeUs |= times | .blocksUs[] *= $factor
            | .bandwidth /= $factor | .busBandwidth /= $factor)' "$1"
}

equal=0 called=0
for ((trial = 1; trial <= trials; trial++)); do
    rm -rf "${work:?}"/*
    mkdir "$work/base" "$work/new" "$work/slow"
    for ((run = 1; run <= runs; run++)); do
        for side in base new; do "$binary" "${options[@]}" -J -o "$work/$side/$run.json" 2>"$work/error" || { cat "$work/error" >&2; exit 1; }; done
        delay "$work/new/$run.json" >"$work/slow/$run.json"
    done
    # Equal is neither slower nor faster: each side is held against the other.
    if "$binary" compare "$work/base" "$work/new" >/dev/null && "$binary" compare "$work/new" "$work/base" >/dev/null; then
        equal=$((equal + 1))
    fi
    code=0
    "$binary" compare "$work/base" "$work/slow" >/dev/null || code=$?
    [ "$code" -eq 4 ] && called=$((called + 1))
done

echo "$runs runs a side, $trials trials: ${options[*]}"
echo "called equal: $equal of $trials"
echo "called slower with $slower % more: $called of $trials"
[ $((100 * equal)) -ge $((95 * trials)) ] && [ $((100 * called)) -ge $((95 * trials)) ]
