#!/bin/bash
# Kills, stops and interrupts processes of runs on this machine's GPUs in the middle of a loop of 1 GiB, and looks at how
# the others leave: how soon, with which exit code, which line and which document, and what is left of them. Prints a table
# for Markdown. The last line counts the rounds: "N passed, N failed".
#
#   scripts/gpu-chaos.sh BINARY [OPTIONS]
#
#   BINARY           the published nperf
#   --nccl-lib PATH  the libnccl.so.2 to take (default: the one that nperf finds)
#   --large SIZE     what stands for a large message (default: 1G)
#   --rounds N       how often each thing is done (default: 5)
#   --only REGEX     only what has a name that it matches
#
# A round passes when every survivor has left within 5 seconds (for what only the timeout shows, 5 seconds behind it) with
# the exit code and the one line that are due, when the document is whole and names the rank, and when no process, no
# memory of a GPU, no shared memory and no temporary file is left. Needs two GPUs, bash, awk, jq; without nvidia-smi the
# memory of the GPUs is not looked at.

# Variables in single quotes here are jq's.
# shellcheck disable=SC2016
set -euo pipefail
# Multicast can put GPUs that are shared out of service. No process here may use it.
export NCCL_NVLS_ENABLE=0

# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

nccl_lib='' large=1G rounds=5 only=''
arguments nccl_lib large rounds only -- "$@"
whole 1 rounds
needs jq awk
nccl=()
[[ -z $nccl_lib ]] || nccl=(--nccl-lib "$(realpath "$nccl_lib")")

readonly start_s=60  # for a run to be under way
readonly leave_ms=5000
readonly timeout_s=3 # nperf's, where something is stopped; where it is not, the timeout is beyond any wait here
readonly enqueued=20000
at_work
cd "$work"
mkdir temporary
export TMPDIR=$work/temporary

now_ms() { echo $((${EPOCHREALTIME/[.,]/} / 1000)); }

# beside FILE ARGUMENT...: nperf in the background, with its output in FILE.out and FILE.err; leaves its pid.
beside() {
    local file=$1
    shift
    : >"$file.out" 2>"$file.err"
    env --default-signal=INT "$binary" "${nccl[@]}" "$@" >"$file.out" 2>"$file.err" </dev/null &
    pid=$!
    started+=("$pid")
}

# until_true SECONDS COMMAND...: waits so long for it to succeed.
until_true() {
    local deadline=$(($(now_ms) + $1 * 1000))
    shift
    until "$@"; do
        (($(now_ms) < deadline)) || return 1
        sleep 0.02
    done
}

listens() {
    port=$(sed -nE 's/^listening on .*:([0-9]+),.*/\1/p' first.err)
    [[ -n $port ]] || ! alive "$first_pid"
}

# under_way: whether there is the sign: a progress report of the first process in the loop, or a size in a client's table.
under_way() {
    case $sign in
        row) grep -Eq '^ *[0-9]+ +[0-9]+ ' last.out ;;
        seconds) grep -Eq '^progress: .* B, (0\.[1-9]|[1-9][0-9]*\.[0-9]) of ' first.err ;;
        iterations) grep -Eq "^progress: .* B, [1-9][0-9]* of $enqueued " first.err ;;
    esac || ! alive "$first_pid"
}

alive() {
    local one
    for one; do
        # A zombie has ended; who takes it in is for others to say.
        if [[ -r /proc/$one/status ]] && ! grep -q '^State:.Z' "/proc/$one/status" 2>/dev/null; then return 0; fi
    done
    return 1
}
gone() { ! alive "$@"; }

children() { awk -v parent="$1" '/^PPid:/ && $2 == parent { split(FILENAME, part, "/"); print part[3] }' /proc/[0-9]*/status 2>/dev/null || true; }

# start socket|local SIGN ARGUMENT...: a run; leaves the pids in first_pid, last_pid and all when the sign shows that it is
# under way.
start() {
    local kind=$1 client
    sign=$2
    shift 2
    rm -f ./*.out ./*.err
    members=()
    if [[ $kind == local ]]; then
        beside first -n "$gpus" --ranks-in processes "${run[@]}" "$@"
        first_pid=$pid all=("$pid")
    else
        beside first -s -p 0 -n $((gpus - 1)) "${run[@]}" "$@"
        first_pid=$pid all=("$pid")
        if ! until_true "$start_s" listens || [[ -z $port ]]; then return 1; fi
        # The last one may be killed: it is the one with the highest rank, and shows a table.
        for ((client = 1; client < gpus; client++)); do
            beside "$( ((client < gpus - 1)) && echo "client$client" || echo last)" -c "127.0.0.1:$port"
            all+=("$pid")
            until_true "$start_s" grep -q "^client $client of " first.err || return 1
        done
    fi
    last_pid=$pid
    until_true "$start_s" under_way || return 1
    alive "$first_pid" || return 1
    if [[ $kind == local ]]; then
        mapfile -t members < <(children "$first_pid")
        ((${#members[@]} == gpus - 1)) || return 1
        all+=("${members[@]}")
    fi
    # At no moment in particular.
    sleep "0.$((RANDOM % 3))$((RANDOM % 10))"
}

# code_of PID: the exit code of a process of ours that has ended.
code_of() {
    local code=0
    wait "$1" || code=$?
    echo "$code"
} 2>/dev/null

wrong() { why=${why:-$*}; }

# left CODE FILE PID: one of ours is to leave in time, with this exit code and one line.
left() {
    local code=0 lines
    until_true $((limit_ms / 1000 + 5)) gone "$3" || {
        wrong "$2 is still there after $((limit_ms + 5000)) ms: $(grep -E '^(State|wchan)' "/proc/$3/status" 2>/dev/null || true)"
        return
    }
    local took=$(($(now_ms) - begin))
    ((took <= most)) || most=$took
    wait "$3" 2>/dev/null || code=$?
    ((code == $1)) || wrong "$2 has exit code $code, expected $1"
    lines=$(grep -c '^nperf: error: ' "$2.err" || true)
    ((lines == 1)) || wrong "$2 says $lines lines of errors"
}

# document CODE RANK FILTER: what the first process wrote is whole, names this, and is as the filter says.
document() {
    jq -e --arg code "$1" --argjson rank "$2" '.error.code == $code and .error.rank == $rank
        and (.error | .message, .host, .step | type == "string" and length > 0) and (.error.step | test("allreduce"))
        and (.results | type) == "array" and all(.results[]; .wrong == 0 or .partial) and ('"$3"')' \
        first.out >/dev/null 2>jq.err ||
        wrong "the document is not as it is to be: $(jq -c .error first.out 2>&1 | cut -c -300) $(head -c 200 jq.err)"
}

memory_used() { nvidia-smi --query-gpu=memory.used --format=csv,noheader,nounits; }
memory_free() { paste <(echo "$memory_before") <(memory_used) | awk '$2 > $1 + 64 { more = 1 } END { exit more }'; }
shared() { find /dev/shm -mindepth 1 | sort; }
shared_free() { [[ $(shared) == "$shared_before" ]]; }

# nothing_left: processes, memory of the GPUs, shared memory, temporary files.
nothing_left() {
    until_true 10 gone "${all[@]}" || wrong "a process is left of ${all[*]}"
    until_true 5 shared_free || wrong "shared memory is left: $(comm -13 <(echo "$shared_before") <(shared) | tr '\n' ' ')"
    [[ -z $(ls -A temporary) ]] || wrong "a temporary file is left: $(ls -A temporary)"
    ((!smi)) || until_true 10 memory_free ||
        wrong "memory of the GPUs is not free: MiB before ${memory_before//$'\n'/, }, after $(memory_used | tr '\n' ' ')"
}

# What is done, one function each. Every one leaves in most how many milliseconds the last survivor took, and in why what
# was not as it is to be.

signal_at() {
    # Bash is not to tell of the end of what is killed here.
    if [[ $1 == KILL ]]; then disown "$2" 2>/dev/null || true; fi
    begin=$(now_ms)
    kill -s "$1" "$2"
}

others_left() {
    local code=$1 client
    for ((client = 1; client < gpus - 1; client++)); do left "$code" "client$client" "${all[client]}"; done
}

client_killed() { # SIGN ARGUMENT...
    start socket "$@" || { wrong "does not start"; return; }
    signal_at KILL "$last_pid"
    left 1 first "$first_pid"
    others_left 1
    document peerLost $((gpus - 1)) "$filter"
}

do_loop() { client_killed seconds -t 60; }
do_sizes() {
    filter='[.results[] | select(.partial == false)] | length > 0'
    client_killed row -t 0.5 --cycles 0
}
do_enqueued() { client_killed iterations -i "$enqueued"; }

do_server() {
    start socket seconds -t 60 || { wrong "does not start"; return; }
    signal_at KILL "$first_pid"
    left 1 last "$last_pid"
    others_left 1
    grep -q '^nperf: error: rank 0 on .* was lost during allreduce' last.err || wrong "the client does not name rank 0"
}

do_stopped() {
    limit_ms=$((timeout_s * 1000 + leave_ms))
    run+=(--timeout "$timeout_s")
    start socket seconds -t 60 || { wrong "does not start"; return; }
    signal_at STOP "$last_pid"
    left 1 first "$first_pid"
    others_left 1
    document peerLost $((gpus - 1)) true
    # When it goes on nobody is there; that takes it a moment to see, and no longer.
    kill -CONT "$last_pid"
    until_true $((leave_ms / 1000)) gone "$last_pid" || wrong "the client that goes on stays"
    [[ $(code_of "$last_pid") != 0 ]] || wrong "the client that goes on ends with 0"
}

do_member() {
    start local seconds -t 60 || { wrong "does not start"; return; }
    signal_at KILL "${members[-1]}"
    left 1 first "$first_pid"
    document peerLost "$(jq --argjson pid "${members[-1]}" '.processes[] | select(.processId == $pid) | .ranks[0]' first.out 2>/dev/null || echo -1)" true
}

do_parent() {
    start local seconds -t 60 || { wrong "does not start"; return; }
    signal_at KILL "$first_pid"
    until_true $((leave_ms / 1000 + 5)) gone "${members[@]}" || wrong "members are left"
    most=$(($(now_ms) - begin))
}

interrupted() { # socket|local VICTIM_FILE RANK
    start "$1" seconds -t 60 || { wrong "does not start"; return; }
    if [[ $2 == last ]]; then signal_at INT "$last_pid"; else signal_at INT "$first_pid"; fi
    left 130 first "$first_pid"
    if [[ $1 == socket ]]; then
        left 130 last "$last_pid"
        others_left 130
    fi
    document interrupted "$3" true
}
do_interrupted_server() { interrupted socket first 0; }
do_interrupted_client() { interrupted socket last $((gpus - 1)); }
do_interrupted_local() { interrupted local first 0; }

names=(
    "loop:client killed in the loop"
    "sizes:client killed, sizes finished before"
    "enqueued:client killed, $enqueued iterations enqueued"
    "server:server killed in the loop"
    "stopped:client stopped (SIGSTOP), --timeout $timeout_s"
    "member:member killed, local mode"
    "parent:first process killed, local mode"
    "interrupted_server:SIGINT to the server"
    "interrupted_client:SIGINT to a client"
    "interrupted_local:SIGINT, local mode"
)

# One run says what this machine has; without it there is nothing to do.
timeout -k 5 "$start_s" "$binary" "${nccl[@]}" --backend nccl -b 8 -J >probe.out 2>probe.err </dev/null || {
    cat probe.err >&2
    die "nperf does not run on this machine's GPUs"
}
gpus=$(jq .config.numGpus probe.out)
((gpus >= 2)) || die "one GPU only: nobody could survive"
heading="$("$binary" --version), NCCL $(jq -r .environment.ncclVersion probe.out), $gpus x $(jq -r '.topology.gpus[0].name' probe.out), allreduce of $large"
shared_before=$(shared)
smi=0
if command -v nvidia-smi >/dev/null; then
    smi=1
    memory_before=$(memory_used)
else
    echo "left out: the memory of the GPUs, for nvidia-smi is not installed"
fi

passed=0 failed=0
for ((round = 1; round <= rounds; round++)); do
    for entry in "${names[@]}"; do
        name=${entry#*:} key=${entry%%:*}
        [[ -z $only || $name =~ $only ]] || continue
        run=(--backend nccl --op allreduce -b "$large" --interval 0.2 -J) limit_ms=$leave_ms
        why='' most=0 filter=true sign='' first_pid='' last_pid='' all=()
        "do_$key"
        for pid in "${all[@]}"; do [[ -z $why ]] || kill -9 "$pid" 2>/dev/null || true; done
        ((most <= limit_ms)) || wrong "left after $most ms, later than $limit_ms"
        nothing_left
        echo "$key $most $limit_ms $([[ -n $why ]] && echo failed || echo passed)" >>rounds
        if [[ -z $why ]]; then
            passed=$((passed + 1))
        else
            failed=$((failed + 1))
            printf 'FAILED: %s, round %s: %s\n' "$name" "$round" "$why"
            for file in ./*.err; do tail -n 5 "$file" | cut -c -600 | sed "s|^|    ${file#./}: |"; done
        fi
        started=()
    done
done

printf '%s, %s rounds\n\n' "$heading" "$rounds"
echo '| what happens | rounds | as it is to be | last survivor left after, median (ms) | most (ms) | bound (ms) |'
echo '| --- | ---: | ---: | ---: | ---: | ---: |'
for entry in "${names[@]}"; do
    sort -k2n rounds | awk -v key="${entry%%:*}" -v name="${entry#*:}" '
        $1 == key { took[++n] = $2; limit = $3; good += $4 == "passed" }
        END {
            if (n) printf "| %s | %d | %d | %d | %d | %d |\n", name, n, good, took[int((n + 1) / 2)], took[n], limit
        }'
done
printf '\n%d s\n%d passed, %d failed\n' "$SECONDS" "$passed" "$failed"
((failed == 0))
