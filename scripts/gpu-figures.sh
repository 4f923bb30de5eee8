#!/bin/bash
# nperf beside nccl-tests with the same libnccl on this machine's GPUs, a rank a GPU: the medians of interleaved rounds,
# as Markdown tables, with the ratio of nperf's time to theirs (below 1: nperf is faster). Times are out of place.
#
#   scripts/gpu-figures.sh BINARY --nccl-tests DIR [OPTIONS]
#
#   BINARY             the published nperf
#   --nccl-tests DIR   where all_reduce_perf and the others are, built with MPI
#   --nccl-lib PATH    the libnccl.so.2 of both (default: the one that nperf finds)
#   --rounds N         rounds (default: 5)
#   --ops LIST         operations, with commas (default: all that nccl-tests has)
#   --section NAME     local, socket, graph, hosts, sweep, several with commas, or all (default: all)
#   --max-bytes SIZE   largest size (default: 4G)
#   --iters N          timed iterations (default: 20)
#   --warmup N         iterations before them (default: 5)
#   --small-iters N    timed iterations up to 64K, in processes of their own (default: as --iters)
#   --out DIR          the raw times go to DIR/figures.csv (default: nowhere)
#
# Stopped by SIGTERM, as by timeout, it shows the tables of what it has.
#
# Sections: local is one call of nperf, socket a server and its clients on 127.0.0.1, graph a CUDA graph a size, hosts
# processes that NCCL takes for different hosts on the loopback interface; sweep is how long a whole process takes for
# 8 B to 1 GiB with verification (of allreduce, where --ops says nothing). nccl-tests runs both a thread a GPU and, with
# mpirun, a process a GPU; each size of nperf is held against the better median of the two. Sizes are compared where
# both moved the same number of bytes: nccl-tests rounds what it divides among ranks to 16 B.
# Needs jq, awk, mpirun (Open MPI).
set -euo pipefail
# Multicast can put GPUs that are shared out of service. No process here may use it.
export NCCL_NVLS_ENABLE=0

# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

declare -rA peer_of=(
    [allreduce]=all_reduce_perf [allgather]=all_gather_perf [broadcast]=broadcast_perf [reduce]=reduce_perf
    [reducescatter]=reduce_scatter_perf [alltoall]=alltoall_perf [gather]=gather_perf [scatter]=scatter_perf
    [sendrecv]=sendrecv_perf [hypercube]=hypercube_perf [alltoallv]=alltoallv_perf
)
all_ops=allreduce,allgather,broadcast,reduce,reducescatter,alltoall,gather,scatter,sendrecv,hypercube,alltoallv

nccl_tests='' nccl_lib='' ops='' out=''
rounds=5 section=all max_bytes=4G iters=20 warmup=5 small_iters=0
arguments nccl_tests nccl_lib rounds ops section max_bytes iters warmup small_iters out -- "$@"
[[ -d $nccl_tests ]] || die "--nccl-tests is to be the folder of all_reduce_perf (--help)"
whole 1 rounds iters
whole 0 warmup small_iters
needs jq awk mpirun
tests=$(realpath "$nccl_tests") library=$nccl_lib sections=$section

bytes_of() {
    [[ $1 =~ ^([1-9][0-9]*)([KMGT]?)$ ]] || die "$1 is not a size"
    local power=0 letters=KMGT before
    if [[ -n ${BASH_REMATCH[2]} ]]; then
        before=${letters%%"${BASH_REMATCH[2]}"*}
        power=$((${#before} + 1))
    fi
    echo $((BASH_REMATCH[1] << (10 * power)))
}

max_bytes=$(bytes_of "$max_bytes")
((max_bytes >= 8)) || die "the smallest size is 8 B"
sweep_max=$((max_bytes < 1 << 30 ? max_bytes : 1 << 30))
sweep_ops=${ops:-allreduce}
IFS=, read -ra ops <<<"${ops:-$all_ops}"
IFS=, read -ra sweep_ops <<<"$sweep_ops"
for op in "${ops[@]}"; do [[ -n ${peer_of[$op]:-} ]] || die "$op is not one of $all_ops"; done
[[ $sections != all ]] || sections=local,socket,graph,hosts,sweep
for section in ${sections//,/ }; do
    [[ ,local,socket,graph,hosts,sweep, == *",$section,"* ]] || die "$section is not a section (--help)"
done
wanted() { [[ ,$sections, == *",$1,"* ]]; }

at_work
nccl=()
[[ -z $library ]] || nccl=(--nccl-lib "$(realpath "$library")")
# A first run says how many GPUs there are and what nperf loaded: nccl-tests is to load the same.
"$binary" "${nccl[@]}" --backend nccl --op allreduce -b 8 -i 1 -w 0 -J >"$work/document" 2>"$work/log" || {
    cat "$work/log" >&2
    die "nperf does not run on this machine's GPUs"
}
read -r gpus library nccl_version < <(
    jq -r '"\(.config.numGpus) \(.environment.ncclLibrary) \(.environment.ncclVersion)"' "$work/document"
)
((gpus >= 2)) || die "$gpus GPU: figures need two"
gpu_name=$(jq -r '.topology.gpus[0].name' "$work/document")
nccl=(--nccl-lib "$library")
# nccl-tests goes by the soname, which the file may not have.
mkdir "$work/lib"
ln -s "$library" "$work/lib/libnccl.so.2"
LD_LIBRARY_PATH=$work/lib:${library%/*}:$tests:$tests/verifiable${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
export LD_LIBRARY_PATH

both_places=()
if "$binary" --help | grep -q -e --in-place; then both_places=(--in-place both); fi

csv=$work/figures.csv
if [[ -n $out ]]; then
    mkdir -p "$out"
    csv=$out/figures.csv
fi
echo "set,op,program,round,requested_bytes,bytes,us" >"$csv"
failures=0

# What is run in a process: smallest size, largest size, timed iterations. Sizes double within.
if ((small_iters)); then bands=("8 65536 $small_iters" "131072 $max_bytes $iters"); else bands=("8 $max_bytes $iters"); fi

failed() {
    failures=$((failures + 1))
    echo "gpu-figures: failed: $*" >&2
    tail -n 5 "$work/log" "$work/printed" >&2 2>/dev/null || true
}

# record SET OP PROGRAM ROUND: takes lines of requested bytes, bytes and microseconds.
record() { awk -v OFS=, -v head="$1,$2,$3,$4" '{ print head, $1, $2, $3 }' >>"$csv"; }

# nperf_local OPTION...: leaves the document.
nperf_local() { timeout 300 "$binary" "${nccl[@]}" --backend nccl "$@" -J >"$work/document" 2>"$work/log"; }

# nperf_socket HOSTS OPTION...: the same by a process a GPU; with HOSTS=1 each is a host of its own to NCCL.
nperf_socket() {
    local hosts=$1 server port line rank clients=() status=0
    shift
    rm -f "$work/said"
    mkfifo "$work/said"
    as_host() {
        if ((hosts)); then export NCCL_HOSTID=h$1 NCCL_SOCKET_IFNAME=lo; fi
        shift
        exec timeout 300 "$binary" "${nccl[@]}" "$@"
    }
    (as_host 0 -s -p 0 -n $((gpus - 1)) --backend nccl "$@" -J) >"$work/document" 2>"$work/said" &
    server=$!
    {
        read -r line || true
        echo "$line" >"$work/log"
        port=$(sed -nE 's/.*:([0-9]+),.*/\1/p' <<<"$line")
        if [[ -n $port ]]; then
            for ((rank = 1; rank < gpus; rank++)); do
                (as_host "$rank" -c "127.0.0.1:$port") >"$work/printed" 2>&1 &
                clients+=($!)
            done
        fi
        cat >>"$work/log"
    } <"$work/said"
    for line in "$server" "${clients[@]}"; do wait "$line" || status=1; done
    return $status
}

# peer threads|processes|hosts OPERATION OPTION...: leaves what nccl-tests printed.
peer() {
    local way=$1 program=$tests/${peer_of[$2]}
    shift 2
    local mpi=(mpirun --allow-run-as-root --oversubscribe --bind-to none -np "$gpus"
        -x NCCL_NVLS_ENABLE -x LD_LIBRARY_PATH)
    # Its processes are hosts by their own NCCL_HOSTID, which MPI knows nothing of.
    # shellcheck disable=SC2016
    local as_host=(bash -c 'NCCL_HOSTID=h$OMPI_COMM_WORLD_RANK exec "$@"' -)
    case $way in
        threads) set -- "$program" -t "$gpus" -g 1 "$@" ;;
        processes) set -- "${mpi[@]}" "$program" -g 1 "$@" ;;
        hosts) set -- "${mpi[@]}" -x NCCL_SOCKET_IFNAME=lo "${as_host[@]}" "$program" -g 1 "$@" ;;
    esac
    timeout 300 "$@" >"$work/printed" 2>"$work/log" </dev/null
}

# peer_times OPERATION FIRST: lines for record from what nccl-tests printed. It names hypercube's sizes by its buffer. The
# time is the eighth field from the end: some operations print nothing for the reduction.
peer_times() {
    # Some awks print whole numbers above 2^31 as they would fractions.
    awk -v OFMT=%.0f -v op="$1" -v asked="$2" -v ranks="$gpus" '/^ *[0-9]+ +[0-9]+ / {
        print asked, (op == "hypercube" ? $2 * 4 * (ranks - 1) : $1), $(NF - 7)
        asked *= 2
    }' "$work/printed"
}

# run_once SET OPERATION PROGRAM ROUND MAX
run_once() {
    local set=$1 op=$2 program=$3 round=$4 max=$5 band first last count ran
    for band in "${bands[@]}"; do
        read -r first last count <<<"$band"
        ((last <= max)) || last=$max
        ((first <= last)) || continue
        local ours=(--op "$op" -b "$first" -B "$last" -S 2 -i "$count" -w "$warmup" --verify none)
        local theirs=("$op" -b "$first" -e "$last" -f 2 -n "$count" -w "$warmup" -c 0)
        if [[ $set == graph ]]; then
            ours+=(--graph 1)
            theirs+=(-G 1)
        fi
        ran=0
        : >"$work/printed"
        case $set/$program in
            */nperf-local) nperf_local "${ours[@]}" || ran=1 ;;
            hosts/nperf-socket) nperf_socket 1 "${ours[@]}" || ran=1 ;;
            */nperf-socket) nperf_socket 0 "${ours[@]}" || ran=1 ;;
            hosts/*) peer hosts "${theirs[@]}" || ran=1 ;;
            *) peer "$program" "${theirs[@]}" || ran=1 ;;
        esac
        if ((ran)); then
            failed "$set, $op, $program, round $round, $first to $last B"
        elif [[ $program == nperf-* ]]; then
            jq -r '.results[] | "\(.requestedBytes) \(.bytes) \(.timeUs.avg)"' "$work/document" |
                record "$set" "$op" "$program" "$round"
        else
            peer_times "$op" "$first" | record "$set" "$op" "$program" "$round"
        fi
    done
}

# run_set SET MAX PROGRAM...
run_set() {
    local set=$1 max=$2 round op program
    shift 2
    for ((round = 1; round <= rounds; round++)); do
        for op in "${ops[@]}"; do
            [[ -x $tests/${peer_of[$op]} ]] || continue
            echo "$set, round $round of $rounds, $op ($SECONDS s)" >&2
            for program; do run_once "$set" "$op" "$program" "$round" "$max"; done
        done
    done
}

# tables SECTION SET PROGRAM: a table an operation, then the section's line.
tables() {
    awk -F, -v section="$1" -v set="$2" -v ours="$3" -v ops="${ops[*]}" "$awk_figures"'
    function shown(key) { return key in count ? us(median(key)) : "-" }
    function size(b) {
        if (b >= 2 ^ 30 && b % 2 ^ 30 == 0) return b / 2 ^ 30 " GiB"
        if (b >= 2 ^ 20 && b % 2 ^ 20 == 0) return b / 2 ^ 20 " MiB"
        if (b >= 2 ^ 10 && b % 2 ^ 10 == 0) return b / 2 ^ 10 " KiB"
        return b " B"
    }
    $1 == set {
        # The same size with the same bytes, or another key that nothing is held against.
        key = $2 " " $3 " " $5 " " $6
        time[key, ++count[key]] = $7
        if ($3 == ours && !(($2, $5) in bytes)) { bytes[$2, $5] = $6; asked[$2, ++sizes[$2]] = $5 }
    }
    END {
        n = split(ops, name, " ")
        for (o = 1; o <= n; o++) {
            op = name[o]
            if (!sizes[op]) continue
            printf "\n### %s: %s\n\n", section, op
            if (set == "hosts") print "| size | nperf us | nccl-tests us | ratio |\n| --: | --: | --: | --: |"
            else print "| size | nperf us | nccl-tests, threads us | nccl-tests, processes us | ratio |\n| --: | --: | --: | --: | --: |"
            sum = held = worst = 0
            for (i = 1; i <= sizes[op]; i++) {
                # Sizes by fours, and the largest.
                if (i % 2 == 0 && i < sizes[op]) continue
                a = asked[op, i]; b = bytes[op, a]
                mine = median(op " " ours " " a " " b)
                threads = op " threads " a " " b; processes = op " processes " a " " b
                best = 0
                if (threads in count) best = median(threads)
                if (processes in count && (!best || median(processes) < best)) best = median(processes)
                if (!best || !mine) continue
                ratio = mine / best
                sum += log(ratio); held++
                if (ratio > worst) { worst = ratio; at = size(b) }
                if (ratio > worst_of_all) { worst_of_all = ratio; at_of_all = op " " at }
                if (set == "hosts") printf "| %s | %s | %s | %.2f |\n", size(b), us(mine), shown(processes), ratio
                else printf "| %s | %s | %s | %s | %.2f |\n", size(b), us(mine), shown(threads), shown(processes), ratio
            }
            if (!held) { print "\n" op ": no size that both ran"; continue }
            printf "\n%s: geometric mean %.3f, worst %.2f (%s)\n", op, exp(sum / held), worst, at
            total += sum; of += held; done++
        }
        if (of) printf "\n%s: geometric mean %.3f (%d operations, %d sizes), worst %.2f (%s)\n", section, exp(total / of), done, of, worst_of_all, at_of_all
        else printf "\n%s: nothing to compare\n", section
    }' "$csv"
}

# sweep_once OPERATION PROGRAM ROUND
sweep_once() {
    local op=$1 program=$2 round=$3 begin end ran=0
    local ours=(--op "$op" -b 8 -B "$sweep_max" -S 2 -i "$iters" -w "$warmup")
    : >"$work/printed"
    begin=${EPOCHREALTIME/[.,]/}
    case $program in
        nperf) nperf_local "${ours[@]}" || ran=1 ;;
        nperf-both) nperf_local "${ours[@]}" "${both_places[@]}" || ran=1 ;;
        *) peer "$program" "$op" -b 8 -e "$sweep_max" -f 2 -n "$iters" -w "$warmup" || ran=1 ;;
    esac
    end=${EPOCHREALTIME/[.,]/}
    if ((ran)); then
        failed "sweep, $op, $program, round $round"
    else
        echo "$sweep_max $sweep_max $((end - begin))" | record sweep "$op" "$program" "$round"
    fi
}

run_sweep() {
    local round op program programs=(nperf)
    ((${#both_places[@]} == 0)) || programs+=(nperf-both)
    programs+=(threads processes)
    for ((round = 1; round <= rounds; round++)); do
        for op in "${sweep_ops[@]}"; do
            [[ -x $tests/${peer_of[$op]} ]] || continue
            echo "sweep, round $round of $rounds, $op ($SECONDS s)" >&2
            for program in "${programs[@]}"; do sweep_once "$op" "$program" "$round"; done
        done
    done
}

# Whole seconds of processes. nccl-tests runs each size in place as well, so does nperf-both.
sweep_tables() {
    printf '\n### sweep: whole processes, 8 B to %s by twos, verified\n\n' "$(numfmt --to=iec-i --suffix=B "$sweep_max")"
    (grep '^sweep,' "$csv" || true) | sort -t, -k2,2 -k3,3 -k7,7g | awk -F, -v ops="${sweep_ops[*]}" '
    { key = $2 " " $3; time[key, ++count[key]] = $7 / 1e6 }
    function median(key,    n) {
        n = count[key]
        return n % 2 ? time[key, (n + 1) / 2] : (time[key, n / 2] + time[key, n / 2 + 1]) / 2
    }
    function ratio(mine, theirs) { return mine in count && theirs in count ? sprintf("%.2f", median(mine) / median(theirs)) : "-" }
    END {
        print "| operation | program | seconds | fastest | slowest | nperf to it | nperf in both places to it |"
        print "| --- | --- | --: | --: | --: | --: | --: |"
        split("nperf nperf-both threads processes", program, " ")
        n = split(ops, name, " ")
        for (o = 1; o <= n; o++) for (p = 1; p <= 4; p++) {
            key = name[o] " " program[p]
            if (!(key in count)) continue
            printf "| %s | %s | %.2f | %.2f | %.2f | %s | %s |\n", name[o], program[p], median(key), time[key, 1], time[key, count[key]],
                (p > 2 ? ratio(name[o] " nperf", key) : "-"), (p > 2 ? ratio(name[o] " nperf-both", key) : "-")
            said = said sprintf(", %s %s %.2f s", name[o], program[p], median(key))
        }
        print "\nsweep: " substr(said, 3)
    }'
}

# Who stops it gets the tables of what there is.
showing=true
stopped() {
    echo "gpu-figures: stopped" >&2
    "$showing"
    exit 143
}
trap stopped INT TERM

show_plain() {
    if wanted local; then tables local plain nperf-local; fi
    if wanted socket; then tables socket plain nperf-socket; fi
}
show_graph() { tables graph graph nperf-local; }
show_hosts() { tables hosts hosts nperf-socket; }

began=$SECONDS
took() {
    printf '%s took %d s\n' "$1" $((SECONDS - began))
    began=$SECONDS
}

for op in "${ops[@]}"; do
    [[ -x $tests/${peer_of[$op]} ]] || echo "gpu-figures: $op is left out: no $tests/${peer_of[$op]}" >&2
done
echo "$("$binary" --version), NCCL $nccl_version, $gpus x $gpu_name, $rounds rounds, $iters iterations, $warmup before"

# Times of nccl-tests serve both sections, so these share their rounds.
plain=()
if wanted local; then plain+=(nperf-local); fi
if wanted socket; then plain+=(nperf-socket); fi
if ((${#plain[@]})); then
    showing=show_plain
    run_set plain "$max_bytes" "${plain[@]}" threads processes
    show_plain
    took "$(IFS=+; echo "${plain[*]#nperf-}")"
fi
if wanted graph; then
    showing=show_graph
    run_set graph "$max_bytes" nperf-local threads processes
    show_graph
    took graph
fi
if wanted hosts; then
    showing=show_hosts
    run_set hosts $((max_bytes < 64 << 20 ? max_bytes : 64 << 20)) nperf-socket processes
    show_hosts
    took hosts
fi
if wanted sweep; then
    showing=sweep_tables
    run_sweep
    sweep_tables
    took sweep
fi

if ((failures)); then
    echo "$failures runs failed" >&2
    exit 1
fi
