#!/bin/bash
# Thousands of whole runs one after the other from one shell, then one long run: none may fail, and nothing may grow. By
# turns: local mode with two processes over shared memory, a server and a client on one port, local mode with two threads
# into a file; each writes its document. Prints tables for Markdown; the last line counts: "N passed, N failed".
#
#   scripts/soak.sh BINARY [OPTIONS]
#
#   BINARY          the published nperf
#   --runs N        how many runs (default: 10000)
#   --long SECONDS  how long the one run without end is (default: 120; 0: none)
#   --port N        the server's (default: 15201)
#
# A run passes when every process of it ends with 0 and the document holds right results and no error. What is counted from
# the first sample to the last, on a machine that does nothing else: processes of the binary, open files of this shell,
# entries of /dev/shm and of $TMPDIR, sockets (those in TIME_WAIT apart, which the kernel keeps for a minute), the kernel's
# memory that it cannot give back, memory that is available, the time of a run and its largest resident memory. Needs bash,
# awk.
set -euo pipefail

# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

runs=10000 long=120 port=15201
arguments runs long port -- "$@"
whole 1 runs port
whole 0 long
needs awk

readonly limit_s=60 samples=20 compared=100
readonly what=(--backend host --op allreduce -b 1K -i 20 -w 5 --interval 0)
at_work
cd "$work"
mkdir temporary
export TMPDIR=$work/temporary

passed=0 failed=0
bad() {
    failed=$((failed + 1))
    ((failed > 20)) || printf 'FAILED: %s\n' "$*"
}

# right FILE: whether the document is whole, without an error and with right results. No program is called: it is asked often.
right() {
    local document
    document=$(<"$1")
    [[ $document == '{'*'}' && $document == *'"wrong": 0'* && $document != *'"error": {'* ]]
}

bounded() { timeout -k 5 "$limit_s" "$binary" "$@" </dev/null; }

run_processes() {
    bounded -n 2 --ranks-in processes --transport shm "${what[@]}" -J >out 2>err || return 1
    right out
}

run_sockets() {
    local transport=shm client
    ((i / 3 % 2)) || transport=tcp
    bounded -c 127.0.0.1 -p "$port" >client.out 2>client.err &
    client=$!
    bounded -s -p "$port" -n 1 --transport "$transport" "${what[@]}" -J >out 2>err || { wait "$client"; return 1; }
    wait "$client" || return 1
    right out
}

run_threads() {
    rm -f document
    bounded -n 2 --ranks-in threads "${what[@]}" -J -o document >out 2>err || return 1
    [[ ! -s out ]] && cp document out && right out
}

running() {
    local exe count=0
    for exe in /proc/[0-9]*/exe; do
        [[ $(readlink "$exe" 2>/dev/null || true) != "$binary" ]] || count=$((count + 1))
    done
    echo "$count"
}
entries() { find "$1" -mindepth 1 | wc -l; }
meminfo() { awk -v name="$1:" '$1 == name { print $2 }' /proc/meminfo; }

# sample RUNS: a line of what there is now.
sample() {
    local inuse tw alloc unix
    inuse=$(awk '$1 == "TCP:" { print $3 }' /proc/net/sockstat)
    tw=$(awk '$1 == "TCP:" { print $7 }' /proc/net/sockstat)
    alloc=$(awk '$1 == "sockets:" { print $3 }' /proc/net/sockstat)
    unix=$(awk 'END { print NR - 1 }' /proc/net/unix)
    echo "$1 $(running) $(find /proc/$$/fd -mindepth 1 | wc -l) $(entries /dev/shm) $(entries temporary)" \
        "$inuse $alloc $unix $tw $(meminfo SUnreclaim) $(meminfo MemAvailable)"
}

# Once each before anything is counted: what a first run brings into the kernel's caches stays there.
for ((i = 0; i < 6; i++)); do
    case $((i % 3)) in
        0) run_processes ;;
        1) run_sockets ;;
        2) run_threads ;;
    esac || die "a run fails: $(tail -n 2 err)"
done
sample 0 >samples
every=$((runs / samples))
((every > 0)) || every=1
for ((i = 1; i <= runs; i++)); do
    begin=${EPOCHREALTIME/[.,]/}
    case $((i % 3)) in
        0) kind=processes ;;
        1) kind=sockets ;;
        2) kind=threads ;;
    esac
    if "run_$kind"; then passed=$((passed + 1)); else bad "run $i ($kind): $(tail -qn 2 err client.err 2>/dev/null | tr '\n' ' ')"; fi
    took=$((${EPOCHREALTIME/[.,]/} - begin))
    peak=0
    if [[ $(<out) =~ \"peakMemoryBytes\":\ ([0-9]+) ]]; then peak=${BASH_REMATCH[1]}; fi
    echo "$kind $took $peak" >>"$work/times"
    if ((i % every == 0)); then sample "$i" >>samples; fi
done

# The end of a process is not yet the end of what the kernel does for it.
for ((wait = 0; wait < 50; wait++)); do
    (($(running) > 0)) || break
    sleep 0.1
done
sample "$runs" >>samples

printf '%s, %s runs, %d s\n\n' "$("$binary" --version)" "$runs" "$SECONDS"
# The dollar is to be read.
# shellcheck disable=SC2016
echo '| runs | processes | files of the shell | /dev/shm | $TMPDIR | TCP sockets | all sockets | unix sockets | in TIME_WAIT | kernel, unreclaimable (KiB) | available (MiB) |'
echo '| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |'
awk '{ printf "| %d | %d | %d | %d | %d | %d | %d | %d | %d | %d | %d |\n", $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11 / 1024 }' samples

# median KIND COLUMN first|last: of the first or the last of this kind.
median() {
    grep "^$1 " times | { if [[ $3 == first ]]; then head -n "$compared"; else tail -n "$compared"; fi; } |
        awk -v column="$2" '{ print $column }' | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}
printf '\n| runs | time, first %d, median (ms) | last %d | largest memory, first (MiB) | last |\n' "$compared" "$compared"
echo '| --- | ---: | ---: | ---: | ---: |'
for kind in processes sockets threads; do
    grep -q "^$kind " times || continue
    awk -v kind="$kind" -v a="$(median "$kind" 2 first)" -v b="$(median "$kind" 2 last)" \
        -v c="$(median "$kind" 3 first)" -v d="$(median "$kind" 3 last)" \
        'BEGIN { printf "| %s | %.1f | %.1f | %.1f | %.1f |\n", kind, a / 1000, b / 1000, c / 1048576, d / 1048576 }'
done
echo

# grows NAME COLUMN MORE: whether a sample's column is more than this above the first's.
grows() {
    local first last
    first=$(awk -v column="$2" 'NR == 1 { print $column }' samples)
    last=$(awk -v column="$2" 'END { print $column }' samples)
    if ((last > first + $3)); then bad "$1: $first at first, $last in the end"; else passed=$((passed + 1)); fi
}
grows "processes of the binary" 2 0
grows "open files of the shell" 3 0
grows "entries of /dev/shm" 4 0
grows "entries of TMPDIR" 5 0
grows "TCP sockets" 6 4
grows "sockets" 7 8
grows "unix sockets" 8 4
grows "the kernel's memory (KiB)" 10 16384
if ((runs >= 6 * compared)); then
    for kind in processes sockets threads; do
        for column in 2 3; do
            if awk -v a="$(median "$kind" $column first)" -v b="$(median "$kind" $column last)" 'BEGIN { exit b <= 1.25 * a }'; then
                bad "$kind: $([[ $column == 2 ]] && echo time || echo memory) of a run grows from $(median "$kind" $column first) to $(median "$kind" $column last)"
            else
                passed=$((passed + 1))
            fi
        done
    done
fi

if ((long > 0)); then
    # Sizes of a moment: as many results as a run can bring.
    env --default-signal=INT "$binary" -n 2 --ranks-in processes --transport shm "${what[@]}" --cycles 0 -J >out 2>err </dev/null &
    pid=$!
    started+=("$pid")
    echo '| seconds of one run | resident (MiB) | threads | open files |'
    echo '| ---: | ---: | ---: | ---: |'
    for ((part = 1; part <= 10; part++)); do
        sleep "$(awk -v long="$long" 'BEGIN { print long / 10 }')"
        kill -0 "$pid" 2>/dev/null || { bad "the long run ends: $(tail -n 1 err)"; break; }
        resident=$(awk '$1 == "VmRSS:" { print $2 }' "/proc/$pid/status")
        threads=$(awk '$1 == "Threads:" { print $2 }' "/proc/$pid/status")
        files=$(find "/proc/$pid/fd" -mindepth 1 | wc -l)
        echo "$resident $threads $files" >>resident
        awk -v s="$((part * long / 10))" -v r="$resident" -v t="$threads" -v f="$files" \
            'BEGIN { printf "| %d | %.1f | %d | %d |\n", s, r / 1024, t, f }'
    done
    kill -INT "$pid" 2>/dev/null || true
    code=0
    wait "$pid" || code=$?
    started=()
    if ((code == 130)) && [[ $(tail -c 2 out) == '}' ]]; then passed=$((passed + 1)); else bad "the long run ends with $code"; fi
    # From the middle on: until then the heap finds its size.
    if awk 'NR == 5 { r = $1; t = $2; f = $3 } END { exit !($1 <= 1.1 * r && $2 <= t + 8 && $3 <= f) }' resident; then
        passed=$((passed + 1))
    else
        bad "the long run grows: $(tr '\n' ',' <resident)"
    fi
fi

printf '\n%d s\n%d passed, %d failed\n' "$SECONDS" "$passed" "$failed"
((failed == 0))
