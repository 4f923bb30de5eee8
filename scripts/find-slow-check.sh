#!/bin/bash
# How often find-slow names the slowed one of eight ranks and nobody else, and how often it names nobody where nobody is slow.
# Eight network namespaces on a bridge, each with a rank of its own host name; every link has the same rate both ways
# (tc tbf), so that no processor limits, and in every second run one of them, at random, has less: what it sends, what it
# receives, or both. Prints a line a run; the last line counts: "N passed, N failed".
#
#   scripts/find-slow-check.sh BINARY [OPTIONS]
#
#   BINARY        the published nperf
#   --runs N      runs with a slow one, and as many without (default: 20, which take ten minutes)
#   --seed N      which are slow follows from it (default: 1)
#   --rate N      each link's rate, Mbit/s (default: 400)
#   --slow N      the slow one's rate, Mbit/s (default: 200)
#   --verbose     print what find-slow prints
#
# Needs root, ip, tc and jq. The eight share this machine's processors, so they sleep where they wait (--wait block); that
# leaves room for other work beside it.
set -euo pipefail

# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

runs=20 seed=1 rate=400 slow=200 verbose=''
arguments runs seed rate slow verbose=1 -- "$@"
whole 1 runs seed rate slow
((slow < rate)) || die "--slow: '$slow' is no less than the others' rate, $rate"
needs ip tc jq unshare
((EUID == 0)) || die "network namespaces take root"

ranks=8
prefix=nperf-slow-$$
switch=$prefix-switch
namespaces=("$switch")
for ((rank = 0; rank < ranks; rank++)); do namespaces+=("$prefix-node$rank"); done
at_work

ip netns add "$switch"
ip -n "$switch" link add bridge type bridge
ip -n "$switch" link set bridge up
for ((rank = 0; rank < ranks; rank++)); do
    node=$prefix-node$rank
    ip netns add "$node"
    ip -n "$switch" link add "port$rank" type veth peer name eth0 netns "$node"
    ip -n "$switch" link set "port$rank" master bridge up
    ip -n "$node" address add "10.97.0.$((rank + 1))/24" dev eth0
    ip -n "$node" link set eth0 up
    ip -n "$node" link set lo up
done

# sends RANK MBIT; receives RANK MBIT: what the link of a rank carries. The queue holds what it sends in 20 ms.
sends() { ip netns exec "$prefix-node$1" tc qdisc replace dev eth0 root tbf rate "${2}mbit" burst 128kb latency 20ms; }
receives() { ip netns exec "$switch" tc qdisc replace dev "port$1" root tbf rate "${2}mbit" burst 128kb latency 20ms; }

# Starts nperf as a rank; the process that is started becomes it.
start() {
    # shellcheck disable=SC2016 # expanded by the shell within
    ip netns exec "$prefix-node$1" unshare --uts sh -c 'echo "$0" >/proc/sys/kernel/hostname && exec "$@"' "node$1" "$binary" "${@:2}" &
    started+=("$!")
}

# One run: the hosts that it names, with a space between; "failed" where it has no verdict. Ranks are as they joined.
run() {
    local code=0
    started=()
    start 0 find-slow -s -n "$((ranks - 1))" --backend host -b 1M --wait block --interval 0 -J -o "$work/document" 2>"$work/said"
    for ((rank = 1; rank < ranks; rank++)); do start "$rank" find-slow -c 10.97.0.1 --interval 0 >/dev/null 2>&1; done
    wait "${started[0]}" || code=$?
    for process in "${started[@]:1}"; do wait "$process" || true; done
    started=()
    if ((code != 0 && code != 4)); then
        cat "$work/said" >&2
        named=failed
        return
    fi
    named=$(jq -r '[.findSlow | .slow[].ranks[]] as $slow | [.processes[] | select(.ranks - $slow != .ranks) | .host] | unique | join(" ")' "$work/document")
    if { [[ -n $named ]] && ((code != 4)); } || { [[ -z $named ]] && ((code != 0)); }; then named="failed: exit code $code"; fi
    if [[ -n $verbose ]]; then jq -r '.findSlow | .summary, (.slow[] | "  " + .evidence)' "$work/document"; fi
}

RANDOM=$seed
passed=0 failed=0
for ((try = 1; try <= runs; try++)); do
    for kind in slow clean; do
        for ((rank = 0; rank < ranks; rank++)); do
            sends "$rank" "$rate"
            receives "$rank" "$rate"
        done
        expected='' what='nobody is slow'
        if [[ $kind == slow ]]; then
            slowed=$((RANDOM % ranks))
            expected=node$slowed
            case $((RANDOM % 3)) in
                0) what="$expected sends slowly"; sends "$slowed" "$slow" ;;
                1) what="$expected receives slowly"; receives "$slowed" "$slow" ;;
                2) what="$expected is slow both ways"; sends "$slowed" "$slow"; receives "$slowed" "$slow" ;;
            esac
        fi
        began=$SECONDS
        run
        if [[ $named == "$expected" ]]; then result=passed; passed=$((passed + 1)); else result=FAILED; failed=$((failed + 1)); fi
        printf '%2d of %d: %-28s named: %-10s %s (%d s)\n' "$try" "$runs" "$what" "${named:-nobody}" "$result" "$((SECONDS - began))"
    done
done
printf '%d passed, %d failed\n' "$passed" "$failed"
((failed == 0))
