#!/bin/bash
# Times allreduce on two GPUs of this machine by every way that starts nperf: local mode, socket mode, --mpi,
# --nccl-bootstrap, nperf launch. The ways take turns within each round; the table says each one's median time a size and
# its ratio to local mode's. The last line counts: "N passed, N failed".
#
#   scripts/gpu-ways.sh BINARY [OPTIONS]
#
#   BINARY           the published nperf
#   --nccl-lib PATH  the libnccl.so.2 to take (default: the one that nperf finds)
#   --rounds N       how often each way runs (default: 5)
#   --noise RATIO    how far the geometric mean of the ratios may be from 1 (default: 0.05)
#   --ssh COMMAND    what nperf launch calls for ssh, both hosts being this machine (default: a shell here, without ssh)
#
# A way passes when all its runs end well, each checked and on two GPUs, and its figures are those of local mode within the
# noise. --mpi is left out where there is no mpirun. Needs bash, awk, jq.

# Variables in single quotes here are jq's.
# shellcheck disable=SC2016
set -euo pipefail
# Multicast can put GPUs that are shared out of service. No process here may use it.
export NCCL_NVLS_ENABLE=0 OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1

# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

nccl_lib='' rounds=5 noise=0.05 ssh=''
arguments nccl_lib rounds noise ssh -- "$@"
whole 1 rounds
needs jq awk
nccl=()
[[ -z $nccl_lib ]] || nccl=(--nccl-lib "$(realpath "$nccl_lib")")

readonly limit_s=120 # for one run
readonly what=(--backend nccl --op allreduce -b 8 -B 128M -S 16 -J)
at_work
if [[ -z $ssh ]]; then
    ssh=$work/here
    # As ssh is called: options, the host, a command for its shell.
    printf '%s\n' '#!/bin/sh' \
        'while case $1 in -[a-zA-Z]) case $1 in -o) shift ;; esac ;; *) false ;; esac; do shift; done' \
        'shift' 'exec sh -c "$*"' >"$ssh"
    chmod +x "$ssh"
fi
cd "$work"

# Ports of this script's own, one a run, so that no run waits for one that is being closed.
port=$((20000 + $$ % 10000))

bounded() { timeout -k 5 "$limit_s" "$@" </dev/null; }

# beside COMMAND...: in the background, ours to end.
beside() {
    bounded "$@" >beside.out 2>beside.err &
    started+=("$!")
}

# Each way leaves the server's document in out. The second process may come first: it waits.
way_local() { bounded "$binary" "${nccl[@]}" -n 2 --ranks-in processes "${what[@]}"; }

way_socket() {
    beside "$binary" "${nccl[@]}" -c "127.0.0.1:$port"
    bounded "$binary" "${nccl[@]}" -s -n 1 -p "$port" "${what[@]}"
    wait "${started[-1]}"
}

way_mpi() { bounded mpirun -np 2 "$binary" "${nccl[@]}" --mpi "${what[@]}"; }

way_bootstrap() {
    local place=(--nccl-bootstrap --world-size 2)
    NCCL_COMM_ID=127.0.0.1:$port beside "$binary" "${nccl[@]}" "${place[@]}" --rank 1 "${what[@]}"
    NCCL_COMM_ID=127.0.0.1:$port bounded "$binary" "${nccl[@]}" "${place[@]}" --rank 0 "${what[@]}"
    wait "${started[-1]}"
}

way_launch() {
    bounded "$binary" launch --hosts 127.0.0.1,localhost --ssh "$ssh" --remote-path "$binary" -- \
        -p "$port" "${nccl[@]}" "${what[@]}"
}

ways=(local socket)
if command -v mpirun >/dev/null; then ways+=(mpi); else echo "left out: mpi, for there is no mpirun"; fi
ways+=(bootstrap)
if bounded "$binary" launch --hosts 127.0.0.1,localhost --ssh "$ssh" --remote-path "$binary" -- \
    --backend host -p "$port" -b 1K >launch.out 2>launch.err; then
    ways+=(launch)
else
    echo "left out: launch, for $ssh does not lead to this machine: $(head -n 1 launch.err)"
fi

declare -A broken=()
for ((round = 1; round <= rounds; round++)); do
    for way in "${ways[@]}"; do
        port=$((port + 2)) # --nccl-bootstrap takes the next one too
        if "way_$way" >out 2>err && jq -e '.error == null and all(.results[]; .wrong == 0)
            and ([.processes[].gpus[]] | unique | length) == 2' out >/dev/null 2>jq.err; then
            jq -r --arg way "$way" '.results[] | "\($way) \(.bytes) \(.timeUs.avg)"' out >>"$work/times"
        else
            broken[$way]="round $round: $(tail -n 2 err jq.err | tr '\n' ' ')"
        fi
    done
done

printf '%s, NCCL %s, 2 x %s, medians of %s rounds, us (ratio to local mode)\n' "$("$binary" --version)" \
    "$(jq -r '.environment.ncclVersion' out)" "$(jq -r '.topology.gpus[0].name' out)" "$rounds"
touch times means
sort -k1,1 -k2,2n -k3,3n times | awk -v order="${ways[*]}" -v noise="$noise" '
    function settle() {
        if (count) median[way, size] = count % 2 ? sample[(count + 1) / 2] : (sample[count / 2] + sample[count / 2 + 1]) / 2
        count = 0
    }
    $1 != way || $2 != size { settle(); way = $1; size = $2; if (!(size in seen)) { seen[size] = 1; sizes[++n] = size } }
    { sample[++count] = $3 }
    END {
        settle()
        ways = split(order, name, " ")
        printf "%12s", "size"
        for (w = 1; w <= ways; w++) printf "%22s", name[w]
        print ""
        for (s = 1; s <= n; s++) {
            printf "%12d", sizes[s]
            for (w = 1; w <= ways; w++) {
                ratio = median[name[w], sizes[s]] / median["local", sizes[s]]
                if (ratio > 0) logs[w] += log(ratio)
                printf "%13.2f (%5.3f)", median[name[w], sizes[s]], ratio
            }
            print ""
        }
        printf "%12s", "geomean"
        for (w = 1; w <= ways; w++) {
            mean = exp(logs[w] / n)
            printf "%22.3f", mean
            print name[w], mean, (mean > 1 + noise || mean < 1 - noise) ? "off" : "same" >"means"
        }
        print ""
    }'

passed=0 failed=0
for way in "${ways[@]}"; do
    if [[ -n ${broken[$way]:-} ]]; then
        failed=$((failed + 1))
        echo "FAILED: $way: ${broken[$way]}"
    elif grep -q "^$way .* same$" means; then
        passed=$((passed + 1))
        echo "passed: $way"
    else
        failed=$((failed + 1))
        echo "FAILED: $way: its times are not those of local mode: $(grep "^$way " means)"
    fi
done
echo "$passed passed, $failed failed"
((failed == 0))
