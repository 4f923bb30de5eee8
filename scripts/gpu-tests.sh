#!/bin/bash
# Runs the published binary on this machine's GPUs: every operation, type, reduction, mode and option. Each check looks at
# the JSON document or at the line that says an error. The last line counts them: "N passed, N failed".
#
#   scripts/gpu-tests.sh BINARY [OPTIONS]
#
#   BINARY           the published nperf
#   --nccl-lib PATH  the libnccl.so.2 to take (default: the one that nperf finds)
#   --large SIZE     what stands for a large message (default: 1G)
#   --only REGEX     only checks whose name it matches
#
# What needs two GPUs is left out on a machine with one, what needs nvidia-smi where that is not installed, and what needs
# an option where BINARY has no such option; each says so. Exit code 1 where a check failed. Needs bash, awk, jq.
# Variables in single quotes here are jq's.
# shellcheck disable=SC2016
set -euo pipefail
# Multicast can put GPUs that are shared out of service. No process here may use it.
export NCCL_NVLS_ENABLE=0

usage() { sed -n '2,/^# Variables/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" | sed '$d'; }

die() {
    printf 'gpu-tests: %s\n' "$*" >&2
    exit 2
}

binary='' only='' large=1G nccl=()
while (($#)); do
    case $1 in
        -h | --help) usage; exit 0 ;;
        --nccl-lib | --large | --only)
            (($# > 1)) || die "$1 needs a value"
            case $1 in
                --nccl-lib) nccl=(--nccl-lib "$(realpath "$2")") ;;
                --large) large=$2 ;;
                --only) only=$2 ;;
            esac
            shift 2
            ;;
        -*) die "$1 is not an option (--help)" ;;
        *) [[ -z $binary ]] || die "one BINARY only"; binary=$1; shift ;;
    esac
done
[[ -x $binary && ! -d $binary ]] || die "BINARY is to be the published nperf (--help)"
for tool in jq awk; do command -v "$tool" >/dev/null || die "$tool is not installed"; done
binary=$(realpath "$binary")

readonly limit_s=180 # for one run
readonly soon_s=10   # for leaving a run that ended
work=$(mktemp -d)
running='' # the bounded call of now
started=() # processes in the background, ours to end
cleanup() {
    local pid
    [[ -z $running ]] || kill "$running" || true
    for pid in "${started[@]}"; do kill -9 "$pid" 2>/dev/null || true; done
    rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
cd "$work"

passed=0 failed=0 skipped=0
help=$("$binary" --help)

# has OPTION: whether this binary has it.
has() { grep -q -e "$1 " -e "$1\$" <<<"$help"; }

skip() {
    skipped=$((skipped + 1))
    printf 'skipped: %s\n' "$*"
}

# wanted NAME: whether --only lets the check run.
wanted() { [[ -z $only || $1 =~ $only ]]; }

# verdict NAME RIGHT [WHY]: counts, and shows what a failure said.
verdict() {
    if (($2)); then
        passed=$((passed + 1))
        printf 'passed: %s\n' "$1"
        return
    fi
    failed=$((failed + 1))
    printf 'FAILED: %s%s\n' "$1" "${3:+: $3}"
    printf '    %s\n' "${command[*]}"
    local file
    for file in out err client.out client.err; do
        [[ -s $file ]] || continue
        # The end of a document tells little.
        if ! jq -c '.error, .notes, .nccl, [.results[] | [.operation, .bytes, .dataType, .wrong, .algorithm, .protocol]]' \
            "$file" >shown 2>/dev/null; then tail -n 8 "$file" >shown; fi
        cut -c -600 shown | sed "s/^/    $file: /"
    done
}

command=()
# run ARGUMENT...: one bounded call; leaves out, err and status.
run() {
    command=("$binary" "${nccl[@]}" "$@")
    rm -f client.out client.err
    status=0
    # In the background, so that it ends with this script.
    timeout -k 5 "$limit_s" "${command[@]}" >out 2>err </dev/null &
    running=$!
    wait "$running" || status=$?
    running=''
}

# What a document of a run that went well is like. A barrier moves nothing that could be wrong.
prelude='
    def right: .error == null and (.results | length) > 0
        and all(.results[]; .timeUs.avg > 0 and .partial == false
            and (.wrong == 0 or (.wrong == null and .operation == "barrier")));
    def ops: [.results[].operation] | unique;
    def used: [.processes[].gpus[]];
    '

# holds FILTER: whether jq finds it true of the document.
holds() { jq -e "${jq_arguments[@]}" "$prelude $1" out >/dev/null 2>jq.err; }

# check NAME FILTER ARGUMENT...: the run ends well and its document is as the filter says.
check() {
    local name=$1 filter=$2
    shift 2
    wanted "$name" || return 0
    run "$@" -J
    if ((status)); then
        verdict "$name" 0 "exit code $status"
    elif holds "$filter"; then
        verdict "$name" 1
    else
        verdict "$name" 0 "not so: $filter $(head -c 200 jq.err)"
    fi
}

# refused NAME STATUS REGEX ARGUMENT...: it ends with this exit code and a line that says so.
refused() {
    local name=$1 expected=$2 regex=$3
    shift 3
    wanted "$name" || return 0
    run "$@"
    if ((status != expected)); then
        verdict "$name" 0 "exit code $status, expected $expected"
    elif ! grep -Eq "^nperf: error: .*($regex)" err; then
        verdict "$name" 0 "no error line has: $regex"
    else
        verdict "$name" 1
    fi
}

# server ARGUMENT...: starts one; leaves its pid and its port. Variables of the environment come before, as for env.
server() {
    local deadline=$((SECONDS + 30))
    rm -f out err client.out client.err
    port=''
    command=(env --default-signal=INT "${server_env[@]}" "$binary" "${nccl[@]}" -s -p 0 "$@")
    "${command[@]}" >out 2>err </dev/null &
    server_pid=$!
    started+=("$server_pid")
    while ((SECONDS < deadline)); do
        port=$(sed -nE 's/^listening on .*:([0-9]+),.*/\1/p' err 2>/dev/null || true)
        [[ -z $port ]] || return 0
        kill -0 "$server_pid" 2>/dev/null || return 1
        sleep 0.02
    done
    return 1
}

# client ARGUMENT...: starts one; leaves its pid.
client() {
    command+=('&&' "${client_env[@]}" "$binary" "${nccl[@]}" -c "127.0.0.1:$port" "$@")
    env --default-signal=INT "${client_env[@]}" "$binary" "${nccl[@]}" -c "127.0.0.1:$port" "$@" \
        >>client.out 2>>client.err </dev/null &
    client_pid=$!
    started+=("$client_pid")
}

# ended PID SECONDS: waits so long for its end; leaves status, or fails. Bash itself takes in a child that ended.
ended() {
    local deadline=$((${EPOCHREALTIME/[.,]/} + $2 * 1000000))
    while kill -0 "$1"; do
        if ((${EPOCHREALTIME/[.,]/} > deadline)); then
            kill -9 "$1" || true
            wait "$1" || true
            status=still-there
            return 1
        fi
        sleep 0.02
    done
    status=0
    wait "$1" || status=$?
} 2>/dev/null # where bash would say how it ended

# joined NAME FILTER CLIENTS SERVER_ARGUMENT... -- CLIENT_ARGUMENT...: a run over sockets that goes well.
joined() {
    local name=$1 filter=$2 clients=$3 pids=() pid server_arguments=() worst=0
    shift 3
    wanted "$name" || return 0
    while [[ $1 != -- ]]; do
        server_arguments+=("$1")
        shift
    done
    shift
    if ! server -n "$clients" "${server_arguments[@]}" -J; then
        verdict "$name" 0 "the server does not listen"
        return 0
    fi
    while ((${#pids[@]} < clients)); do
        client "$@"
        pids+=("$client_pid")
    done
    for pid in "$server_pid" "${pids[@]}"; do
        ended "$pid" "$limit_s" || true
        [[ $status == 0 ]] || worst=$status
    done
    if [[ $worst != 0 ]]; then
        verdict "$name" 0 "exit code $worst"
    elif holds "$filter"; then
        verdict "$name" 1
    else
        verdict "$name" 0 "not so: $filter $(head -c 200 jq.err)"
    fi
}

# under_way FILE: waits until a progress report is in it.
under_way() {
    local deadline=$((SECONDS + 60))
    while ! grep -q '^progress:.* iterations' "$1" 2>/dev/null; do
        ((SECONDS < deadline)) || return 1
        sleep 0.05
    done
}

# children PID: its children that live.
children() { awk -v parent="$1" '/^PPid:/ && $2 == parent { split(FILENAME, part, "/"); print part[3] }' /proc/[0-9]*/status 2>/dev/null || true; }

alive() {
    local pid
    for pid; do
        # A zombie has ended; who takes it in is for others to say.
        if [[ -r /proc/$pid/status ]] && ! grep -q '^State:.Z' "/proc/$pid/status" 2>/dev/null; then return 0; fi
    done
    return 1
}

# gone PID...: waits for the end of processes that are not ours to wait for.
gone() {
    local deadline=$((SECONDS + soon_s))
    while alive "$@"; do
        ((SECONDS < deadline)) || return 1
        sleep 0.05
    done
}

memory_used() { nvidia-smi --query-gpu=memory.used --format=csv,noheader,nounits; }

server_env=() client_env=() jq_arguments=()
smi=0
if command -v nvidia-smi >/dev/null; then
    smi=1
    memory_before=$(memory_used)
fi

# One run says what this machine has; without it there is nothing to test.
run --backend nccl -b 8 -J
if ((status)); then
    cat err >&2
    die "nperf does not run on this machine's GPUs"
fi
gpus=$(jq '.config.numGpus' out)
version=$(jq -r '.environment.ncclVersion' out)
mapfile -t uuids < <(jq -r '.topology.gpus[].uuid' out)
jq_arguments=(--argjson gpus "$gpus" --arg version "$version" --argjson uuids "$(jq '[.topology.gpus[].uuid]' out)")
printf '%s, NCCL %s, %s x %s\n' "$("$binary" --version)" "$version" "$gpus" "$(jq -r '.topology.gpus[0].name' out)"

# since VERSION: whether NCCL is this or later.
since() { [[ $(printf '%s\n%s\n' "$1" "$version" | sort -V | head -n 1) == "$1" ]]; }
two() { ((gpus >= 2)) || { skip "$1: needs two GPUs"; return 1; }; }
option() { has "$1" || { skip "$1: this nperf has no such option"; return 1; }; }

section() { printf '\n== %s (%d s)\n' "$*" "$SECONDS"; }

section "Doctor"
if wanted doctor; then
    nccl=(doctor "${nccl[@]}")
    run
    nccl=("${nccl[@]:1}")
    found=1
    ((status == 0)) || found=0
    (($(grep -c '^  GPU [0-9]' out) == gpus)) || found=0
    grep -Eq "^  version +${version//./\\.}" out || found=0
    verdict doctor "$found" "exit code $status, $gpus GPUs and NCCL $version expected"
fi

section "Operations, types, reductions"
types=10
! since 2.24 || types=12
operations=11
if ((gpus & (gpus - 1))); then operations=10; fi # hypercube is for powers of two
jq_arguments+=(--argjson types "$types" --argjson operations "$operations")
full='right and (.results | length) == $types * (3 * 5 + $operations - 3) + 1
    and ([.results[] | [.operation, .dataType, .reduceOp]] | unique | length) == (.results | length)'
for bytes in 1003 64K 1M; do
    check "all of all at $bytes" "$full" --op all --dtype all --redop all -b "$bytes" -i 3 -w 1
done
everything='right and (ops | length) == $operations + 1'
for bytes in 1 8 1003 4M; do check "all operations at $bytes" "$everything" --op all -b "$bytes"; done
check "odd bytes" "$everything"' and (.results[] | select(.operation == "allreduce") | .bytes == 1003)' \
    --op all --dtype uint8 -b 1003
check "all operations at $large" "$everything" --op all -b "$large" -i 3 -w 1
check "a sweep" 'right and [.results[].bytes] == [range(0; 25) | pow(2; . + 3)]' -b 8 -B 128M
check "steps of bytes" 'right and [.results[].bytes] == [1000, 1100, 1200]' -b 1000 -B 1200 --step-bytes 100
check "all roots" 'right and (.results | length) == 4 * $gpus and ([.results[].root] | unique) == [range(0; $gpus)]' \
    --op broadcast,reduce,gather,scatter --root all -b 64K
if option --spread; then
    for spread in 0 0.5 1; do check "spread $spread" right --op alltoallv --spread "$spread" -b 1K -B 16M -S 128; done
fi
if option --traffic; then
    awk -v n="$gpus" 'BEGIN { for (i = 0; i < n; i++) for (j = 0; j < n; j++) printf "%d%s", 16 + i * 4096 + j * 1000, (j < n - 1 ? " " : "\n") }' >traffic
    check traffic right --op alltoallv --traffic traffic
fi
if option --in-place; then
    places=allreduce,allgather,broadcast,reduce,reducescatter,gather,scatter
    if ((operations == 11)); then places+=,hypercube; fi
    check "all of all in place" 'right and all(.results[]; .inPlace)
        and (.results | length) == $types * (3 * 5 + (ops | length) - 3)' \
        --op $places --dtype all --redop all -b 64K -i 3 -w 1 --in-place yes
    check "in place at $large" 'right and all(.results[]; .inPlace)' --op $places -b "$large" -i 3 -w 1 --in-place yes
    check "in both places" 'right and
        ([.results[] | select(.inPlace) | .operation] | unique | length) == $operations - 3
        and ([.results[] | select(.inPlace | not) | .operation] | unique | length) == $operations + 1' \
        --op all -b 1003 -B 16M -S 128 --in-place both
    check "in both places, in a graph" right --op all -b 64K --in-place both --graph
fi

section "Options"
small=(-b 1K -B 4M -S 64)
check "in a graph" "$everything and .config.graphLaunches == 1" --op all "${small[@]}" --graph
check "in a graph five times" "$everything and .config.graphLaunches == 5" --op all "${small[@]}" --graph 5
check "in a graph at $large" right -b "$large" -i 5 --graph
check "aggregate" "$everything and .config.aggregate == 4" --op all "${small[@]}" --aggregate 4
check "aggregate in a graph" "$everything" --op all -b 64K --aggregate 4 --graph
for how in local symmetric; do
    if [[ $how == local ]] && ! since 2.19 || [[ $how == symmetric ]] && ! since 2.27; then
        refused "register $how" 1 NCCL --register $how -b 1K
        continue
    fi
    check "register $how" "$everything and .config.register == \"$how\"" --op all "${small[@]}" --register $how
    check "register $how at $large" right -b "$large" -i 5 --register $how
done
for policy in efficiency zero; do
    if [[ $policy == efficiency ]] && ! since 2.27 || [[ $policy == zero ]] && ! since 2.28; then
        skip "cta-policy $policy: NCCL $version has no such policy"
        continue
    fi
    check "cta-policy $policy" "$everything and .config.ctaPolicy == \"$policy\"" --op all "${small[@]}" --cta-policy $policy
done
if ! since 2.28; then skip "cta-policy zero with symmetric: NCCL $version has no such policy"; else
    check "cta-policy zero with symmetric" "$everything" --op all "${small[@]}" --cta-policy zero --register symmetric
fi
for when in op barrier; do
    check "sync $when" "$everything and .config.sync == \"$when\"" --op all "${small[@]}" --sync $when
done
for name in ring tree; do
    check "algo $name" 'right and ($gpus == 1 or all(.results[]; .algorithm == "'$name'"))' "${small[@]}" --algo $name
done
for name in simple ll ll128; do
    check "proto $name" 'right and ($gpus == 1 or all(.results[]; .protocol == "'$name'"))' "${small[@]}" --proto $name
done
check "verify each" "$everything"' and .config.verify == "each"' --op all "${small[@]}" --verify each
check "verify each in a graph" "$everything" --op all -b 64K --verify each --graph 3
check "verify none" 'all(.results[]; .wrong == null) and .error == null' --op all -b 64K --verify none
check "for a second" 'right and .config.seconds == 1 and all(.results[]; .iterations > 100)' -b 8 -B 64K -S 8192 -t 1
check "for a second in a graph" 'right and all(.results[]; .iterations > 100)' -b 8 -t 1 --graph
check "omitting" 'right and .config.omitSeconds == 0.2' -b 8 -t 0.5 -O 0.2
check "cycles" 'right and [.results[].cycle] == [1, 1, 2, 2]' -b 1K -B 2K --cycles 2
check "no warm-up, one iteration" "$everything" --op all -b 64K -i 1 -w 0
if wanted "a file holds the document"; then
    run -b 1K -o document -J
    found=0
    # With a file there is nothing on standard output.
    if ((!status)) && [[ ! -s out ]] && cp document out && holds right; then found=1; fi
    verdict "a file holds the document" "$found"
fi
check "debug" right -b 1K --debug
if option --split; then
    splits=(and:0 "mod:$gpus")
    ((gpus % 2)) || splits+=(mod:2 div:2)
    for split in "${splits[@]}"; do check "split $split" right --op all -b 64K --split "$split"; done
fi

section "Ranks of one machine"
check "all GPUs" 'right and (used | sort) == ($uuids | sort)' -g all -b 1K
if option --ranks-in; then
    check "a thread a GPU" "$everything"' and (.processes | length) == 1 and (used | unique | length) == $gpus' \
        --op all "${small[@]}" --ranks-in threads
    check "a process a GPU" "$everything"' and (.processes | length) == $gpus and (used | unique | length) == $gpus' \
        --op all "${small[@]}" --ranks-in processes
    check "threads in a graph" "$everything" --op all -b 64K --ranks-in threads --graph
fi
check "one rank" 'right and .config.numGpus == 1' --op all -n 1 -b 64K
if two "the second GPU"; then
    check "the second GPU" 'right and .config.numGpus == 1 and used == [$uuids[1]]' -n 1 --device 1 -b 1K
    check "two GPUs" 'right and (used | unique | length) == 2' -n 2 -b 1K
fi
refused "more ranks than GPUs" 1 "rank $gpus .*no GPU left" -n $((gpus + 1)) -b 1K
refused "a GPU that is not there" 1 "no GPU $gpus" -n 1 --device "$gpus" -b 1K
refused "a size that is too large" 1 'a largest size \(-B\) of .* would' -b 1T
refused "a size that is too large, of all operations" 1 'a largest size \(-B\) of .* would' --op all -b 1T

section "Sockets"
if two "socket mode"; then
    others=$((gpus - 1))
    joined "a rank a process" "$everything"' and (.processes | length) == $gpus and (used | unique | length) == $gpus' \
        "$others" --op all "${small[@]}" --
    joined "a rank a process, in a graph" "$everything" "$others" --op all -b 64K --graph --
    joined "a GPU each by name" 'right and used == [$uuids[1], $uuids[0]]' 1 --device 1 -b 1K -- --device 0
    joined "ranks by their number" 'right and (used | unique | length) == ($gpus / 2 | floor) * 2' \
        1 -g $((gpus / 2)) -b 1K -- -g $((gpus / 2))
    server_env=(CUDA_VISIBLE_DEVICES=0) client_env=(CUDA_VISIBLE_DEVICES=1)
    joined "all of what each sees" 'right and used == $uuids[:2]' 1 -g all -b 1K -- -g all
    server_env=() client_env=()
    if ((gpus >= 4)) && has --ranks-in; then
        for kind in threads processes; do
            joined "half of the GPUs each, $kind" 'right and (used | unique | length) == ($gpus / 2 | floor) * 2' \
                1 -g $((gpus / 2)) --ranks-in $kind --op all -b 64K -- -g $((gpus / 2)) --ranks-in $kind
        done
    else
        skip "several ranks a process over sockets: needs four GPUs"
    fi

    # Hosts to NCCL, which then takes its network.
    server_env=(NCCL_HOSTID=a NCCL_SOCKET_IFNAME=lo) client_env=(NCCL_HOSTID=b NCCL_SOCKET_IFNAME=lo)
    joined "two hosts" 'right and (ops | length) == 12 and .nccl.nodes == 2
        and (.nccl.connections | length) > 0 and all(.nccl.connections[]; .transport | startswith("NET/Socket"))' \
        1 --op all "${small[@]}" --
    server_env=() client_env=()

    if wanted "one GPU twice"; then
        right=0
        if server -n 1 --device 0 -b 1K -J; then
            client --device 0
            ended "$server_pid" 60 || true
            served=$status
            ended "$client_pid" 60 || true
            if [[ $served == 1 && $status == 1 ]] && grep -q '^nperf: error: .*would share one GPU' err &&
                grep -q '^nperf: error: .*would share one GPU' client.err; then right=1; fi
        fi
        verdict "one GPU twice" "$right" "both are to refuse it with exit code 1"
    fi
fi

section "What NCCL does"
check "transports in the document" 'right and ($gpus == 1 or ((.nccl.connections | length) > 0 and .nccl.nodes == 1
    and all(.nccl.connections[]; .transport | test("^(P2P|SHM|NET)/"))))' -b 1K --show-transport
if wanted show-transport && two show-transport; then
    run -b 1K --show-transport
    found=1
    ((status == 0)) && grep -Eq 'ranks? .*: (P2P|SHM|NET)' out || found=0
    verdict "show-transport" "$found" "no line says a transport"
fi
if wanted algorithms && two algorithms; then
    sizes=(-b 8 -B 256M -S 8)
    check "algorithms are there" 'right and all(.results[]; .algorithm != null and .protocol != null)' "${sizes[@]}"
    jq -r '.results[] | "\(.bytes) \(.algorithm) \(.protocol)"' out | sort >said || true
    NCCL_DEBUG=INFO NCCL_DEBUG_SUBSYS=TUNING,INIT NCCL_DEBUG_FILE="$work/nccl.%p" run "${sizes[@]}" -J
    # Older versions log numbers.
    cat nccl.[0-9]* 2>/dev/null | awk '
        BEGIN {
            split("tree ring collnetdirect collnetchain nvls nvlstree pat", algorithm, " ")
            split("ll ll128 simple", protocol, " ")
        }
        match($0, /AllReduce: [0-9]+ Bytes -> Algo [A-Z0-9_a-z]+ proto [A-Za-z0-9]+/) {
            split(substr($0, RSTART, RLENGTH), word, " ")
            a = tolower(word[6]); p = tolower(word[8])
            gsub(/_/, "", a)
            if (a ~ /^[0-9]+$/) a = algorithm[a + 1]
            if (p ~ /^[0-9]+$/) p = protocol[p + 1]
            print word[2], a, p
        }' | sort -u >logged || true
    # The log has more: what lines ranks up before the clock starts.
    same=1
    [[ -s said ]] || same=0
    while read -r bytes algorithm protocol; do
        [[ $(awk -v bytes="$bytes" '$1 == bytes' logged) == "$bytes $algorithm $protocol" ]] || same=0
    done <said
    ((same)) || sed 's/^/    said: /' said
    ((same)) || sed 's/^/    logged: /' logged
    verdict "algorithms are what NCCL logs" "$same"
fi

section "Pairs, precision, reports"
# Links of both directions of every pair, each measured and right, and of one machine none that is slow.
linked='.error == null and (.pairs.links | length) == $gpus * ($gpus - 1) and .pairs.roundsDone == .pairs.rounds
    and all(.pairs.links[]; .bandwidth > 0 and .latencyUs > 0 and .wrong == 0) and .pairs.outliers == []'
if two pairs; then
    check pairs "$linked" --pattern pairs
    check "pairs of small transfers" ".pairs.bytes == 65536 and ($linked)" --pattern pairs -b 64K
    joined "pairs, a rank a process" "$linked" $((gpus - 1)) --pattern pairs --
    check "nobody is slow" "$linked"' and .findSlow.verdict == "nobody" and .findSlow.slow == []' --pattern find-slow
fi
check "to a precision" 'right and all(.results[]; .precision.wanted == 0.05 and .precision.reached <= 0.05)' \
    -b 64K -B 64M -S 32 --precision 5%
check "no straggler" 'right and .stragglers == []' --op all -b 64K -B 64M -S 32 -i 100
if wanted report; then
    run -b 8 -B 64M -S 8 -o document -J
    found=0
    if ((!status)) && "$binary" report document -o page.html 2>err && grep -q '</html>' page.html; then found=1; fi
    verdict report "$found"
fi

section "Topology"
if wanted topology; then
    run --topology --topo-format json
    found=0
    ((status)) || ! holds '(.gpus | length) == $gpus and (.matrix | length) >= $gpus and [.gpus[].uuid] == $uuids' || found=1
    verdict "topology as JSON" "$found"
    cp out topology.json
    for format in matrix tree dot; do
        run --topology --topo-format $format
        found=1
        ((status == 0)) || found=0
        for ((gpu = 0; gpu < gpus; gpu++)); do grep -q "GPU$gpu" out || found=0; done
        [[ $format != dot ]] || grep -Eq '^(di)?graph .*\{$' out || found=0
        verdict "topology as $format" "$found"
        cp out "topology.$format"
    done
    if ((!smi)); then
        skip "the matrix beside nvidia-smi's: nvidia-smi is not installed"
    elif two "the matrix beside nvidia-smi's"; then
        # A GPU's number may differ between the two; its UUID does not. The header is underlined there.
        nvidia-smi topo -m | sed 's/\x1b\[[0-9;]*m//g' >smi.matrix
        nvidia-smi --query-gpu=index,uuid --format=csv,noheader | tr -d ' ' >smi.gpus
        same=1
        for ((i = 0; i < gpus; i++)); do
            for ((j = 0; j < gpus; j++)); do
                a=$(awk -F, -v uuid="${uuids[i]}" '$2 == uuid { print $1 }' smi.gpus)
                b=$(awk -F, -v uuid="${uuids[j]}" '$2 == uuid { print $1 }' smi.gpus)
                theirs=$(awk -v row="GPU$a" -v column="$((b + 2))" '$0 ~ "^" row "[ \t]" { print $column; exit }' smi.matrix)
                ours=$(jq -r ".matrix[$i][$j]" topology.json)
                [[ $ours == "$theirs" ]] || {
                    same=0
                    echo "    GPU$i to GPU$j: $ours, nvidia-smi says $theirs"
                }
                # The matrix for people says the same.
                [[ $(awk -v row="GPU$i" -v column="$((j + 2))" '$0 ~ "^" row "[ \t]" { print $column; exit }' topology.matrix) == "$ours" ]] || same=0
            done
        done
        verdict "the matrix says what nvidia-smi does" "$same"
    fi
fi

section "Ends of runs"
# loop ARGUMENT...: a run without end in the background, once it is under way; leaves its pid and its children.
loop() {
    rm -f out err client.out client.err
    command=(env --default-signal=INT "$binary" "${nccl[@]}" --cycles 0 --interval 0.2 "$@" -J)
    "${command[@]}" >out 2>err </dev/null &
    looping=$!
    started+=("$looping")
    under_way err || return 1
    mapfile -t members < <(children "$looping")
}

# Several times: what is running just then differs.
for kill in INT INT INT TERM; do
    name="SIG$kill in a loop of $large"
    wanted "$name" || continue
    code=130
    [[ $kill == INT ]] || code=143
    found=0 why="does not start"
    if loop -b "$large"; then
        kill -s $kill "$looping"
        begin=${EPOCHREALTIME/[.,]/}
        ended "$looping" "$soon_s" || true
        why="exit code $status after $(((${EPOCHREALTIME/[.,]/} - begin) / 1000)) ms"
        if [[ $status == "$code" ]] && gone "${members[@]}" && holds '.error != null and (.results | type) == "array"'; then found=1; fi
    fi
    verdict "$name" "$found" "$why"
done

name="a member is killed"
if wanted "$name" && two "$name"; then
    found=0 why="does not start"
    if loop -b 1M && ((${#members[@]})); then
        kill -9 "${members[0]}"
        ended "$looping" "$soon_s" || true
        why="exit code $status"
        if [[ $status == 1 ]] && gone "${members[@]}" && holds '.error != null'; then found=1; fi
    fi
    verdict "$name" "$found" "$why"
fi

name="the first process is killed"
if wanted "$name" && two "$name"; then
    found=0
    if loop -b 1M && ((${#members[@]})); then
        kill -9 "$looping"
        ended "$looping" "$soon_s" || true
        if gone "${members[@]}"; then found=1; fi
    fi
    verdict "$name" "$found" "its members are still there"
fi

for victim in client server; do
    name="a $victim is killed"
    if ! { wanted "$name" && two "$name"; }; then continue; fi
    found=0 why="does not start"
    if server -n 1 --cycles 0 --interval 0.2 -b 1M -J; then
        client
        if under_way err; then
            if [[ $victim == client ]]; then
                kill -9 "$client_pid"
                ended "$server_pid" "$soon_s" || true
            else
                kill -9 "$server_pid"
                ended "$client_pid" "$soon_s" || true
            fi
            why="the other's exit code is $status"
            if [[ $status == 1 ]]; then
                [[ $victim == server ]] || { holds '.error != null' || status=invalid; }
                [[ $status == invalid ]] || found=1
            fi
        fi
    fi
    verdict "$name" "$found" "$why"
done

if ((!smi)); then
    skip "memory of the GPUs: nvidia-smi is not installed"
elif wanted "the memory of the GPUs is free"; then
    # Bytes of a process that ended are given back a moment later.
    deadline=$((SECONDS + soon_s)) free=0
    while ((!free && SECONDS < deadline)); do
        memory_after=$(memory_used)
        if paste <(echo "$memory_before") <(echo "$memory_after") | awk '$2 > $1 + 64 { more = 1 } END { exit more }'; then
            free=1
        else
            sleep 0.2
        fi
    done
    command=(nvidia-smi)
    rm -f out err client.out client.err
    nvidia-smi --query-compute-apps=pid,used_memory --format=csv,noheader >out || true
    verdict "the memory of the GPUs is free" "$free" "MiB before: ${memory_before//$'\n'/, }, after: ${memory_after//$'\n'/, }"
fi

printf '\n%d skipped, %d s\n' "$skipped" "$SECONDS"
printf '%d passed, %d failed\n' "$passed" "$failed"
((failed == 0))
