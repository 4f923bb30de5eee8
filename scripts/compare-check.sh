#!/bin/bash
# How well nperf compare tells on this machine: of TRIALS comparisons of runs of the same binary, how many are called
# equal; and with every time of the second side made 5 % longer, in how many that is called.
#
#   scripts/compare-check.sh NPERF [--runs N] [--trials N] [--slower PERCENT] [-- OPTIONS OF THE RUN]
#
# A trial takes 2 x N runs, in turns. Exits with 1 where fewer than 95 of 100 are called right. Needs jq.
set -euo pipefail

die() { echo "compare-check.sh: $*" >&2; exit 2; }
whole() { [[ $2 =~ ^[1-9][0-9]*$ ]] || die "$1: '$2' is no number from 1 on"; }

[ $# -ge 1 ] || die "name the binary: scripts/compare-check.sh NPERF"
nperf=$1
shift
runs=1
trials=100
slower=5
options=(-b 1M -B 16M)
while [ $# -gt 0 ]; do
    case $1 in
        --runs) runs=${2-}; whole "$1" "$runs"; shift 2 ;;
        --trials) trials=${2-}; whole "$1" "$trials"; shift 2 ;;
        --slower) slower=${2-}; whole "$1" "$slower"; shift 2 ;;
        --) shift; options=("$@"); break ;;
        *) die "$1: unknown option" ;;
    esac
done
command -v jq >/dev/null || die "jq is not installed"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

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
        for side in base new; do "$nperf" "${options[@]}" -J -o "$work/$side/$run.json" 2>"$work/error" || { cat "$work/error" >&2; exit 1; }; done
        delay "$work/new/$run.json" >"$work/slow/$run.json"
    done
    # Equal is neither slower nor faster: each side is held against the other.
    if "$nperf" compare "$work/base" "$work/new" >/dev/null && "$nperf" compare "$work/new" "$work/base" >/dev/null; then
        equal=$((equal + 1))
    fi
    code=0
    "$nperf" compare "$work/base" "$work/slow" >/dev/null || code=$?
    [ "$code" -eq 4 ] && called=$((called + 1))
done

echo "$runs runs a side, $trials trials: ${options[*]}"
echo "called equal: $equal of $trials"
echo "called slower with $slower % more: $called of $trials"
[ $((100 * equal)) -ge $((95 * trials)) ] && [ $((100 * called)) -ge $((95 * trials)) ]
