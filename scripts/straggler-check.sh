#!/bin/bash
# Whether nperf names the rank that holds up the others, and nobody else. Clean runs of 2, 3 and 4 ranks, over memory and
# shared memory, half of them beside a program on each processor that does nothing but count, have to name nobody. Of runs of
# 4 ranks in processes one is stopped and let go again and again, and of 4 hosts in network namespaces one has a link of a
# fifth of the others' rate: these have to be named, and alone. Prints a line a kind of run and one for each that went wrong;
# the last line counts: "N passed, N failed".
#
#   scripts/straggler-check.sh BINARY [OPTIONS]
#
#   BINARY       the published nperf
#   --runs N     clean runs (default: 100, which take three minutes)
#   --slowed N   runs with a rank that is stopped, and as many with a slow link (default: 20, which take ten minutes; the latter take root)
#
# Needs jq, and for slow links root, ip and tc.
set -uo pipefail

# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

runs=100 slowed=20
arguments runs slowed -- "$@"
whole 0 runs slowed
needs jq

passed=0 failed=0 prefix="nperf-straggler-$$" busy=()
at_work
trap 'idle; leave' EXIT

# busy / idle: a counting program on each processor, and none.
busy() {
    local processor
    for ((processor = 0; processor < $(nproc); processor++)); do
        sh -c 'while :; do :; done' & busy+=($!)
    done
}
idle() {
    ((${#busy[@]} == 0)) || kill "${busy[@]}" 2>/dev/null
    busy=()
}

# judge NAME EXPECTED: the ranks that the document of this run names, against those that it should.
judge() {
    local named
    named=$(jq -r 'if .error then "error: \(.error.message)" elif .stragglers then (.stragglers | map(.rank) | join(",")) else "nobody judged" end' \
        "$work/run.json" 2>/dev/null) || named='no document'
    [[ $2 == '' && $named == 'nobody judged' ]] && named=''
    if [[ $named == "$2" ]]; then
        ((passed++))
        ((now_passed++))
    else
        ((failed++))
        printf '  %s: named "%s" instead of "%s"\n' "$1" "$named" "$2"
    fi
}

say() { printf '%s: %d of %d\n' "$1" "$now_passed" "$2"; }

clean() {
    local i transport ranks
    now_passed=0
    for ((i = 0; i < $2; i++)); do
        transport=$([[ $((i % 2)) == 0 ]] && echo memory || echo shm)
        ranks=$((2 + i / 2 % 3))
        local where=()
        [[ $transport == memory ]] || where=(--ranks-in processes)
        "$binary" -n "$ranks" "${where[@]}" --transport "$transport" --op allreduce,alltoall -b 64K -B 8M -S 4 -i 60 --interval 0 \
            -J -o "$work/run.json" 2>"$work/error" || true
        judge "$1, $ranks ranks over $transport" ''
    done
    say "$1 runs that name nobody" "$2"
}

# One of the processes is stopped for 0.1 s, then runs for 20 ms, and so on; the first has the control connections too.
stopped() {
    local i run process rank
    now_passed=0
    for ((i = 0; i < slowed; i++)); do
        "$binary" -n 4 --ranks-in processes -b 1M -B 8M -i 60 --interval 0 -J -o "$work/run.json" 2>"$work/error" &
        run=$!
        until process=$(pgrep -P "$run" | sed -n "$((i % 3 + 1))p"); [[ -n $process ]]; do
            kill -0 "$run" 2>/dev/null || break
            sleep 0.05
        done
        while kill -STOP "$process" 2>/dev/null; do
            sleep 0.1
            kill -CONT "$process" 2>/dev/null
            sleep 0.02
        done
        wait "$run"
        rank=$(jq -r --argjson process "${process:-0}" 'first(.processes[] | select(.processId == $process)).ranks[0]' "$work/run.json")
        judge "rank $rank stopped in turns" "$rank"
    done
    say 'runs that name the rank that is stopped in turns' "$slowed"
}

# Messages of 8 MiB, which TCP's buffers do not swallow. Four hosts on a bridge; what one sends is held to 200 Mbit/s, of the others to 1 Gbit/s.
network() {
    local host rate
    ((EUID == 0)) || die "network namespaces take root; --slowed 0 for the rest alone"
    needs ip tc
    namespaces=("$prefix-switch")
    ip netns add "$prefix-switch" || die "network namespaces cannot be made here"
    ip -n "$prefix-switch" link add bridge type bridge
    ip -n "$prefix-switch" link set bridge up
    for host in 1 2 3 4; do
        namespaces+=("$prefix-$host")
        ip netns add "$prefix-$host"
        ip -n "$prefix-switch" link add "port$host" type veth peer name eth0 netns "$prefix-$host"
        ip -n "$prefix-switch" link set "port$host" master bridge up
        ip -n "$prefix-$host" address add "10.99.0.$host/24" dev eth0
        ip -n "$prefix-$host" link set lo up
        ip -n "$prefix-$host" link set eth0 up
    done
}

slow_link() {
    local i host slow
    now_passed=0
    ((slowed > 0)) || return
    network
    for ((i = 0; i < slowed; i++)); do
        slow=$((i % 4 + 1))
        for host in 1 2 3 4; do
            rate=$([[ $host == "$slow" ]] && echo 200mbit || echo 1gbit)
            ip netns exec "$prefix-$host" tc qdisc replace dev eth0 root tbf rate "$rate" burst 64kb latency 50ms
        done
        ip netns exec "$prefix-1" "$binary" -s -n 3 --backend host --transport tcp --op alltoall -b 32M -i 20 -w 1 --verify none --interval 0 --timeout 60 \
            -J -o "$work/run.json" 2>"$work/error" &
        local server=$!
        for host in 2 3 4; do
            ip netns exec "$prefix-$host" "$binary" -c 10.99.0.1 --interval 0 >/dev/null 2>&1 &
        done
        wait "$server"
        # Who joins first is rank 1: which rank the host became is in the document.
        local rank
        rank=$(jq -r --arg address "10.99.0.$slow" 'first(.processes[] | select(.address == $address)).ranks[0]' "$work/run.json")
        judge "the link of rank $rank" "$rank"
    done
    say 'runs that name the rank behind the slow link' "$slowed"
}

clean 'clean' $(((runs + 1) / 2))
busy
clean 'clean, beside busy processors,' $((runs / 2))
idle
stopped
slow_link
printf '%d passed, %d failed\n' "$passed" "$failed"
((failed == 0))
