#!/bin/bash
# How long a local run takes to its first line of output. Prints the median of 21 starts, the fastest and the slowest, in ms;
# exits with 1 where the median is 50 or more.
#
#   scripts/cold-start.sh [BINARY]
#
#   BINARY   the published nperf (default: the launcher of this checkout)
#
# Wants a quiet machine. Needs awk.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

(($#)) || set -- "$root/nperf"
arguments -- "$@"
"$binary" --version >/dev/null

for _ in {1..21}; do
    begin=$EPOCHREALTIME
    {
        IFS= read -r _
        end=$EPOCHREALTIME
        cat >/dev/null
    } < <("$binary" --op allreduce -b 1K)
    echo $((${end/./} - ${begin/./}))
done | sort -n | awk '{ us[NR] = $1 } END {
    printf "first line after %.1f ms (median of %d; %.1f to %.1f)\n", us[int((NR + 1) / 2)] / 1000, NR, us[1] / 1000, us[NR] / 1000
    exit us[int((NR + 1) / 2)] >= 50000
}'
