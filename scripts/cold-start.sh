#!/bin/bash
# How long a local run takes to its first line of output: the median of 21 starts, in ms. The limit is 50.
# Usage: scripts/cold-start.sh [nperf] - without an argument, the launcher of this checkout.
set -euo pipefail

nperf=${1:-$(dirname "${BASH_SOURCE[0]}")/../nperf}
"$nperf" --version >/dev/null

for _ in {1..21}; do
    begin=$EPOCHREALTIME
    {
        IFS= read -r _
        end=$EPOCHREALTIME
        cat >/dev/null
    } < <("$nperf" --op allreduce -b 1K)
    echo $((${end/./} - ${begin/./}))
done | sort -n | awk '{ us[NR] = $1 } END {
    printf "first line after %.1f ms (median of %d; %.1f to %.1f)\n", us[int((NR + 1) / 2)] / 1000, NR, us[1] / 1000, us[NR] / 1000
    exit us[int((NR + 1) / 2)] >= 50000
}'
