#!/bin/bash
# nperf's host backend beside Open MPI, MPICH and Gloo on this machine: the medians of interleaved rounds as Markdown
# tables, with the fastest peer's time over nperf's (above 1: nperf is faster). The last line counts the bars that were met
# and missed: "N passed, N failed"; the exit code is 1 where one was missed.
#
#   scripts/host-peers.sh BINARY [OPTIONS]
#
#   BINARY              the published nperf
#   --ranks N           ranks (default: 2)
#   --transport NAME    memory (threads of one process; the peers are processes that share memory), shm or tcp
#                       (default: shm)
#   --ops LIST          operations, with commas (default: all nine that the peers have)
#   --rounds N          rounds (default: 5)
#   --most SIZE         largest size; the smallest is 8 B, and they grow by fours (default: 64M)
#   --seconds S         how long each size is timed in a round (default: 0.1)
#   --register HOW      none or symmetric, as nperf --register (default: none)
#   --congestion NAME   with tcp: the congestion control of all, in a network namespace of their own, which takes root
#                       (default: the system's, in none)
#   --bars A,O,L        what counts as passed: the least geometric mean for allreduce and for every other operation, and
#                       the least ratio of any size (default: tcp 1.5,1.3,1.0, else 2.0,1.3,1.0; registered 4.0,1.3,1.0)
#   --out DIR           the raw times go to DIR/peers.csv (default: nowhere)
#
# The peers' programs are in bench/peers: float32, sum, calls back to back after a warm-up, each rank's own time, averaged
# over ranks. nperf's time is that too, but with a root it lasts until every rank is done; its results are checked, outside
# of what is timed. A size is what nperf counts: all ranks' blocks together, where an operation has blocks. Every rank has a
# core of its own where there are as many; else none is bound to any, and Open MPI yields (mpi_yield_when_idle 1) as nperf
# does by itself; MPICH has no setting for it that works. Peers that are not installed are left out. Needs jq, gcc, awk,
# lscpu and taskset; Debian has the peers as libopenmpi-dev openmpi-bin, libmpich-dev mpich and libgloo-dev g++.
set -euo pipefail

# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

readonly all_ops=allreduce,allgather,broadcast,reduce,reducescatter,alltoall,gather,scatter,sendrecv
readonly gloo_ops=allreduce,allgather,broadcast,reduce,alltoall,gather,scatter
readonly least=8 factor=4 limit_s=120 control=/proc/sys/net/ipv4/tcp_congestion_control

given=("$@")
ops=$all_ops bars='' out='' congestion=''
ranks=2 transport=shm rounds=5 most=64M seconds=0.1 register=none
arguments ranks transport ops rounds most seconds register congestion bars out -- "$@"
whole 2 ranks
whole 1 rounds
[[ $seconds =~ ^[0-9]+(\.[0-9]+)?$ && $seconds =~ [1-9] ]] || die "--seconds: $seconds is not a time in seconds"
[[ $transport =~ ^(memory|shm|tcp)$ ]] || die "--transport: $transport is not memory, shm or tcp"
[[ $register =~ ^(none|symmetric)$ ]] || die "--register: $register is not none or symmetric"
[[ -z $congestion || $transport == tcp ]] || die "--congestion is for --transport tcp"
[[ $most =~ ^([1-9][0-9]*)([KMG]?)$ ]] || die "--most: $most is not a size"
case ${BASH_REMATCH[2]} in
    K) most=$((BASH_REMATCH[1] << 10)) ;;
    M) most=$((BASH_REMATCH[1] << 20)) ;;
    G) most=$((BASH_REMATCH[1] << 30)) ;;
esac
((most >= least)) || die "--most: the smallest size is $least B"
IFS=, read -ra ops <<<"$ops"
for op in "${ops[@]}"; do [[ ,$all_ops, == *",$op,"* ]] || die "--ops: $op is not one of $all_ops"; done
if [[ -z $bars ]]; then
    case $transport/$register in
        */symmetric) bars=4.0,1.3,1.0 ;;
        tcp/*) bars=1.5,1.3,1.0 ;;
        *) bars=2.0,1.3,1.0 ;;
    esac
fi
number='[0-9]+(\.[0-9]+)?'
[[ $bars =~ ^$number,$number,$number$ ]] || die "--bars: $bars is not three numbers with commas"
needs jq gcc awk lscpu taskset

if [[ -n $congestion && -z ${NPERF_PEERS_NAMESPACE:-} ]]; then
    ((EUID == 0)) || die "--congestion takes root: it needs a network namespace"
    needs unshare ip
    # Only the machine's own namespace has the list of what the others may have.
    allowed=$(cat "${control%/*}/tcp_allowed_congestion_control" 2>/dev/null || echo "$congestion")
    [[ " $allowed " == *" $congestion "* ]] ||
        die "--congestion: a namespace may have $allowed, not $congestion (sysctl net.ipv4.tcp_allowed_congestion_control)"
    NPERF_PEERS_NAMESPACE=1 exec unshare --net "${BASH_SOURCE[0]}" "${given[@]}"
fi
if [[ -n $congestion ]]; then
    ip link set lo up
    { echo "$congestion" >"$control"; } 2>/dev/null || die "--congestion: $congestion cannot be had"
fi

at_work
csv=$work/peers.csv
if [[ -n $out ]]; then
    mkdir -p "$out"
    csv=$out/peers.csv
fi
echo "op,tool,round,bytes,us" >"$csv"

say() { printf 'host-peers: %s\n' "$*" >&2; }

# may_run_on PROCESSOR: true where this process may (taskset with a list around this script says where).
affinity=$(taskset -cp $$ | sed 's/.*: //')
may_run_on() {
    local range
    for range in ${affinity//,/ }; do (($1 >= ${range%-*} && $1 <= ${range#*-})) && return; done
    return 1
}

# The first processor of each core that is to be had.
processors=()
declare -A cores
while IFS=, read -r processor core; do
    [[ $processor != \#* && -z ${cores[$core]:-} ]] || continue
    may_run_on "$processor" || continue
    cores[$core]=1
    processors+=("$processor")
done < <(lscpu -p=CPU,CORE)
if ((ranks <= ${#processors[@]})); then
    bound=1
    pin=(taskset -c "$(IFS=,; echo "${processors[*]:0:ranks}")")
else
    bound=0
    pin=()
fi

# The peers: a name each, and what says that it is missing.
declare -A names=([nperf]=nperf)
peers=()
sources=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/bench/peers
optimise=(-O3 -march=native)

# have NAME MESSAGE COMMAND...: true where the commands are all there.
have() {
    local name=$1 tool
    shift
    for tool; do
        command -v "$tool" >/dev/null && continue
        say "without $name: $tool is not installed"
        return 1
    done
}

# build NAME COMMAND...: true where a peer's program was compiled.
build() {
    local name=$1
    shift
    "$@" >"$work/log" 2>&1 && return
    say "without $name: its program cannot be compiled: $(grep -m 1 -i error "$work/log" || tail -n 1 "$work/log")"
    return 1
}

add() { peers+=("$1"); names[$1]=$2; }

if have "Open MPI" mpicc.openmpi mpirun.openmpi &&
    build "Open MPI" mpicc.openmpi "${optimise[@]}" "$sources/mpi.c" -o "$work/mpi.openmpi"; then
    add openmpi "Open MPI"
    [[ $transport == tcp ]] || add openmpi2 "Open MPI, two copies"
fi
if have MPICH mpicc.mpich mpirun.mpich &&
    build MPICH mpicc.mpich "${optimise[@]}" "$sources/mpi.c" -o "$work/mpi.mpich"; then
    add mpich MPICH
fi
if [[ $transport == tcp ]] && have Gloo g++ &&
    build Gloo g++ "${optimise[@]}" "$sources/gloo.cc" -o "$work/gloo" -lgloo -pthread; then
    add gloo Gloo
fi
((${#peers[@]} > 0)) || die "no peer is installed (--help)"
gcc "${optimise[@]}" -pthread "$sources/placement.c" -o "$work/placement" || die "the placement probe cannot be compiled"

# place COMMAND...: on the processor of the rank that a launcher, or run_gloo, says that this process is.
{
    printf '#!/bin/bash\n'
    if ((bound)); then
        printf 'processors=(%s)\n' "${processors[*]:0:ranks}"
        # shellcheck disable=SC2016 # That script is to expand it.
        printf 'exec taskset -c "${processors[${OMPI_COMM_WORLD_RANK:-${PMI_RANK:-$RANK}}]}" "$@"\n'
    else
        printf 'exec "$@"\n'
    fi
} >"$work/place"
chmod +x "$work/place"

export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1

# What each leaves in $work/times: a line a size, bytes and microseconds.
within=(timeout --foreground -k 5 "$limit_s")
sizes_and_time=("$least" "$most" "$seconds")

run_nperf() {
    local kind=processes size options=(-n "$ranks" --backend host --transport "$transport" --op "$1" -t "$seconds" -J)
    [[ $transport != memory ]] || kind=threads
    [[ $register == none ]] || options+=(--register "$register")
    # MPI_Bcast has one buffer.
    [[ $1 != broadcast ]] || options+=(--in-place yes)
    : >"$work/times"
    # A run a size: in a sweep nperf moves a small size through the memory of the largest, and the peers stay in the cache.
    for ((size = least; size <= most; size = size < most && size * factor > most ? most : size * factor)); do
        "${within[@]}" "${pin[@]}" "$binary" "${options[@]}" --ranks-in $kind -b "$size" \
            >"$work/document" 2>"$work/log" </dev/null || return 1
        jq -e 'all(.results[]; .wrong == 0)' "$work/document" >/dev/null ||
            { echo "wrong results" >"$work/log"; return 1; }
        jq -r '.results[] | "\(.bytes) \(.timeUs.avg)"' "$work/document" >>"$work/times"
    done
}

run_openmpi() {
    local op=$1 options=(--mca oob_tcp_if_include lo -np "$ranks" --mca pml ob1)
    shift
    case $transport in
        tcp) options+=(--mca btl "tcp,self" --mca btl_tcp_if_include lo) ;;
        *) options+=(--mca btl "vader,self") ;;
    esac
    options+=(--oversubscribe --bind-to none --mca mpi_yield_when_idle $((1 - bound)))
    "${within[@]}" mpirun.openmpi "${options[@]}" "$@" "$work/place" "$work/mpi.openmpi" "$op" "${sizes_and_time[@]}" \
        >"$work/times" 2>"$work/log" </dev/null
}

run_openmpi2() { run_openmpi "$1" --mca btl_vader_single_copy_mechanism none; }

run_mpich() {
    (
        if [[ $transport == tcp ]]; then export MPIR_CVAR_NOLOCAL=1 UCX_TLS=tcp,self UCX_NET_DEVICES=lo; fi
        "${within[@]}" mpirun.mpich -np "$ranks" "$work/place" "$work/mpi.mpich" "$1" "${sizes_and_time[@]}"
    ) >"$work/times" 2>"$work/log" </dev/null
}

run_gloo() {
    local rank status=0 started=()
    rm -rf "$work/store"
    mkdir "$work/store"
    : >"$work/log"
    for ((rank = 0; rank < ranks; rank++)); do
        RANK=$rank "${within[@]}" "$work/place" "$work/gloo" "$rank" "$ranks" "$work/store" "$1" "${sizes_and_time[@]}" \
            >"$work/times.$rank" 2>>"$work/log" </dev/null &
        started+=($!)
    done
    for rank in "${started[@]}"; do wait "$rank" || status=1; done
    mv "$work/times.0" "$work/times"
    return $status
}

runs() { [[ $1 != gloo || ,$gloo_ops, == *",$2,"* ]]; }

placement() {
    if ((${#processors[@]} > 1)); then
        printf 'Placement %s: %s.\n' "$1" "$("$work/placement" "${processors[0]}" "${processors[1]}")"
    else
        printf 'Placement %s: there is one core.\n' "$1"
    fi
}

# table OPERATION: the table, and a line "OPERATION MEAN LEAST BYTES" to $work/summary where nperf and a peer have times.
table() {
    local tool columns=''
    for tool in nperf "${peers[@]}"; do columns+="$tool=${names[$tool]};"; done
    awk -F, -v op="$1" -v columns="$columns" -v summary="$work/summary" "$awk_figures"'
    $1 == op {
        key = $2 " " $4
        time[key, ++count[key]] = $5 + 0
        if ($2 == "nperf" && count[key] == 1) size[++sizes] = $4
    }
    END {
        n = split(columns, column, ";") - 1
        row = "| bytes |"; rule = "| --: |"
        for (c = 1; c <= n; c++) {
            split(column[c], name, "=")
            tool[c] = name[1]
            row = row " " name[2] " |"; rule = rule " --: |"
        }
        print row " fastest peer / nperf |\n" rule " --: |"
        for (s = 1; s <= sizes; s++) {
            row = "| " size[s] " |"; best = 0
            for (c = 1; c <= n; c++) {
                key = tool[c] " " size[s]
                if (!(key in count)) { row = row " - |"; continue }
                value = median(key)
                row = row " " us(value) " |"
                if (c == 1) own = value
                else if (!best || value < best) best = value
            }
            if (!best) { print row " - |"; continue }
            ratio = best / own
            sum += log(ratio)
            if (!held++ || ratio < worst) { worst = ratio; at = size[s] }
            print row sprintf(" %.2f |", ratio)
        }
        if (!held) exit
        mean = exp(sum / held)
        printf "\nGeometric mean %.2f, least %.2f at %s B.\n", mean, worst, at
        print op, mean, worst, at >>summary
    }' "$csv"
}

: >"$work/summary"
: >"$work/broken"
printf '## nperf beside its peers: %s ranks, %s%s\n\n' "$ranks" "$transport" \
    "$([[ $register == none ]] || echo ", buffers registered ($register)")"
model=$(lscpu | sed -nE 's/^Model name: *//p' | head -n 1)
printf -- '- %s, %s cores, Linux %s.\n' "$model" "${#processors[@]}" "$(uname -r)"
printf -- '- %s' "$("$binary" --version | head -n 1)"
for peer in "${peers[@]}"; do
    case $peer in
        openmpi) printf '; Open MPI %s' "$(mpirun.openmpi --version | sed -nE '1s/.* //p')" ;;
        mpich) printf '; MPICH %s' "$(mpirun.mpich --version | sed -nE 's/^ *Version: *//p')" ;;
        gloo) printf '; Gloo %s' "$(dpkg-query -W -f '${Version}' libgloo-dev 2>/dev/null || echo 'of unknown version')" ;;
    esac
done
printf '.\n'
if ((bound)); then
    printf -- '- Each rank has a core of its own.\n'
else
    printf -- '- More ranks than cores: none is bound to any; nperf and Open MPI yield when idle, MPICH does not.\n'
fi
[[ $transport != tcp ]] || printf -- '- TCP congestion control of all: %s.\n' "$(cat $control)"
printf -- '- Microseconds, float32, sum, medians of %s rounds of %s s a size. Peers: each rank'\''s own time, averaged. ' \
    "$rounds" "$seconds"
printf 'nperf: the same; with a root until every rank is done.\n'

for op in "${ops[@]}"; do
    printf '\n### %s\n\n' "$op"
    placement before
    for ((round = 1; round <= rounds; round++)); do
        say "$op, round $round of $rounds ($SECONDS s)"
        for tool in nperf "${peers[@]}"; do
            runs "$tool" "$op" || continue
            if "run_$tool" "$op"; then
                awk -v OFS=, -v head="$op,$tool,$round" '{ print head, $1, $2 }' "$work/times" >>"$csv"
                continue
            fi
            say "$op, round $round: ${names[$tool]} failed: $(tail -n 3 "$work/log" | tr '\n' ' ')"
            [[ $tool != nperf ]] || echo "$op" >>"$work/broken"
        done
    done
    placement after
    echo
    table "$op"
done

printf '\n### All operations\n\n'
awk -v bars="$bars" -v ops="${ops[*]}" -v broken="$(tr '\n' ' ' <"$work/broken")" '
{ mean[$1] = $2; least[$1] = $3; at[$1] = $4 }
function judged(value, bar) {
    if (value >= bar) { passed++; return sprintf("%.2f", value) }
    failed++
    return sprintf("**%.2f**", value)
}
END {
    split(bars, bar, ",")
    print "| operation | geometric mean | bar | least | bar | at (B) |\n| --- | --: | --: | --: | --: | --: |"
    n = split(ops, op, " ")
    for (i = 1; i <= n; i++) {
        o = op[i]
        if (index(" " broken, " " o " ")) { failed++; print "| " o " | nperf failed | | | | |"; continue }
        if (!(o in mean)) { failed++; print "| " o " | no peer ran | | | | |"; continue }
        wanted = o == "allreduce" ? bar[1] : bar[2]
        printf "| %s | %s | %s | %s | %s | %s |\n",
            o, judged(mean[o], wanted), wanted, judged(least[o], bar[3]), bar[3], at[o]
    }
    printf "\n%d passed, %d failed\n", passed, failed
    exit failed > 0
}' "$work/summary"
