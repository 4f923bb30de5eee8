#!/bin/bash
# Allreduce between two ranks of the host backend, in microseconds by size: the medians of interleaved rounds, as a
# Markdown table. memory is local mode, shm and tcp are a server and a client on this machine.
#
#   scripts/host-figures.sh [ROUNDS]
#
# Variables: SIZES; PEERS, other programs to time in the same rounds, a line each as NAME=COMMAND: it is called with the
# size in bytes as one more argument, and prints microseconds. Needs jq.
set -euo pipefail

rounds=${1:-5}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
SIZES=${SIZES:-8 32 128 512 2048 8192 32768 131072 524288 2097152 8388608 33554432 67108864}
PEERS=${PEERS:-}

"$root/nperf" --version >&2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Large sizes run longer: some tens of iterations each.
seconds() { if (($1 < 4194304)); then echo 0.3; else echo 0.8; fi; }

average() { jq '.results[0].timeUs.avg' "$1"; }

run_memory() {
    "$root/nperf" -b "$1" -t "$(seconds "$1")" --transport memory --verify none -J >"$work/document"
    average "$work/document"
}

run_processes() {
    local server port line
    mkfifo "$work/said"
    "$root/nperf" -s -p 0 -b "$2" -t "$(seconds "$2")" --transport "$1" --verify none -J \
        >"$work/document" 2>"$work/said" &
    server=$!
    {
        read -r line
        port=$(sed -E 's/.*:([0-9]+),.*/\1/' <<<"$line")
        "$root/nperf" -c localhost -p "$port" >/dev/null
        cat >/dev/null
    } <"$work/said"
    wait "$server"
    rm "$work/said"
    average "$work/document"
}

names=(memory shm tcp)
mapfile -t peers < <(grep . <<<"$PEERS" || true)
for peer in "${peers[@]}"; do names+=("${peer%%=*}"); done

for ((round = 1; round <= rounds; round++)); do
    for size in $SIZES; do
        echo "round $round of $rounds, $size B" >&2
        echo "memory $size $(run_memory "$size")"
        echo "shm $size $(run_processes shm "$size")"
        echo "tcp $size $(run_processes tcp "$size")"
        for peer in "${peers[@]}"; do
            read -ra command <<<"${peer#*=}"
            echo "${peer%%=*} $size $("${command[@]}" "$size")"
        done
    done
done | sort -k1,1 -k2,2n -k3,3g | awk -v names="${names[*]}" -v sizes="$SIZES" '
    function shown(us) { return sprintf(us < 10 ? "%.2f" : us < 100 ? "%.1f" : "%.0f", us) }
    { key = $1 " " $2; at[key, ++count[key]] = $3 }
    END {
        columns = split(names, name, " ")
        rows = split(sizes, size, " ")
        row = "| bytes |"; rule = "| --- |"
        for (c = 1; c <= columns; c++) { row = row " " name[c] " |"; rule = rule " --- |" }
        print row "\n" rule
        for (r = 1; r <= rows; r++) {
            row = "| " size[r] " |"
            for (c = 1; c <= columns; c++) {
                key = name[c] " " size[r]
                row = row " " shown(at[key, int((count[key] + 1) / 2)]) " |"
            }
            print row
        }
    }'
