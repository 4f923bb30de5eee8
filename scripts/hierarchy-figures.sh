#!/bin/bash
# Hierarchical collectives of the host backend beside flat ones, in microseconds: two hosts on this machine, network
# namespaces that a link of limited rate joins. Medians of interleaved rounds as a Markdown table: once with the ranks of a
# host in order, one after another in one process, once with ranks in turns, each a process, one host's and the other's.
#
#   scripts/hierarchy-figures.sh BINARY [OPTIONS]
#
#   BINARY        the published nperf
#   --ranks N     ranks on each host (default: 2)
#   --rate RATE   of the link, each way, as tc has it; none: without a limit (default: 1gbit)
#   --ops LIST    operations, with commas (default: allreduce,allgather,reducescatter,broadcast,reduce)
#   --rounds N    rounds (default: 5)
#   --most SIZE   largest size; the smallest is 1 KiB, and they grow by eights (default: 4M)
#   --seconds S   how long each size is timed in a round (default: 0.4)
#
# flat is the table that `nperf algorithms` prints, given back by --algo-table. Results are checked, outside of what is
# timed. Needs root, ip, tc, unshare and jq.
set -euo pipefail

# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

ranks=2 rate=1gbit ops=allreduce,allgather,reducescatter,broadcast,reduce rounds=5 most=4M seconds=0.4
arguments ranks rate ops rounds most seconds -- "$@"
whole 1 ranks rounds
needs ip tc unshare jq
((EUID == 0)) || die "network namespaces take root"

prefix=nperf-figures-$$
namespaces=("$prefix-1" "$prefix-2")
at_work

ip netns add "$prefix-1"
ip netns add "$prefix-2"
ip -n "$prefix-1" link add eth0 type veth peer name eth0 netns "$prefix-2"
for host in 1 2; do
    ip -n "$prefix-$host" address add "10.99.0.$host/24" dev eth0
    ip -n "$prefix-$host" link set eth0 up
    ip -n "$prefix-$host" link set lo up
    [[ $rate == none ]] || tc -n "$prefix-$host" qdisc add dev eth0 root tbf rate "$rate" burst 256kb latency 50ms
done

# A program on a host: each of these becomes the next.
on() {
    # shellcheck disable=SC2016
    ip netns exec "$prefix-$1" unshare --uts sh -c 'echo "$0" >/proc/sys/kernel/hostname && exec "$@"' "node$1" "${@:2}"
}

# Prints "operation bytes us" for each result; $1 the layout, $2 the way.
run() {
    local hosts each=1 port clients=() options=() server line
    if [[ $1 == ordered ]]; then
        hosts=2 each=$ranks
    else
        hosts=$(for ((i = 0; i < ranks; i++)); do printf '1 2 '; done)
        hosts=${hosts#1 }
    fi
    if [[ $2 == flat ]]; then options=(--algo-table "$work/flat"); fi
    mkfifo "$work/said"
    on 1 "$binary" -s -p 0 -n "$(wc -w <<<"$hosts")" -g "$each" --backend host --op "$ops" "${options[@]}" \
        -b 1K -B "$most" -S 8 -t "$seconds" -J >"$work/document" 2>"$work/said" &
    server=$!
    {
        read -r line
        port=$(sed -E 's/.*:([0-9]+),.*/\1/' <<<"$line")
        for host in $hosts; do
            on "$host" "$binary" -c 10.99.0.1 -p "$port" -g "$each" >/dev/null 2>"$work/client" &
            clients+=($!)
            until [[ $line == "client ${#clients[@]} of "* ]]; do read -r line; done
        done
        cat >/dev/null
    } <"$work/said"
    wait "$server" "${clients[@]}"
    rm "$work/said"
    jq -e '.correct != false and ([.results[].wrong] | all(. == 0))' "$work/document" >/dev/null
    jq -r '.results[] | "\(.operation) \(.bytes) \(.timeUs.avg)"' "$work/document"
}

"$binary" --version >&2
"$binary" algorithms >"$work/flat"
for ((round = 1; round <= rounds; round++)); do
    for layout in ordered turns; do
        for way in flat hierarchical; do
            echo "round $round of $rounds, $layout, $way" >&2
            run "$layout" "$way" | sed "s/^/$layout $way /"
        done
    done
done | sort -k1,4 -k5,5g | awk '
    function shown(us) { return sprintf(us < 10 ? "%.2f" : us < 100 ? "%.1f" : "%.0f", us) }
    {
        row = $3 " " $4
        seen[row] = 1
        key = $1 " " $2 " " row
        at[key, ++count[key]] = $5
    }
    function median(key) { return at[key, int((count[key] + 1) / 2)] }
    END {
        for (row in seen) {
            split(row, part, " ")
            line = "| " part[1] " | " part[2] " |"
            for (l = 1; l <= 2; l++) {
                layout = l == 1 ? "ordered" : "turns"
                flat = median(layout " flat " row); tall = median(layout " hierarchical " row)
                line = line " " shown(flat) " | " shown(tall) " | " sprintf("%.2f", tall / flat) " |"
            }
            print line
        }
    }' | sort -t'|' -k2,2 -k3,3n | {
    echo "| collective | bytes | ordered: flat | hierarchical | ratio | in turns: flat | hierarchical | ratio |"
    echo "| --- | --: | --: | --: | --: | --: | --: | --: |"
    cat
}
