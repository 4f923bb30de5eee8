#!/bin/bash
# Lets every call of nperf into the CUDA driver, NCCL and NVML fail in turn, and hang, on the stand-in for GPUs: in local
# mode with threads and with processes, in socket mode on the server and on the client, with --nccl-bootstrap and with
# --mpi on rank 0 and on rank 1. Looks at how the run ends. Prints a table for Markdown; the last line counts the runs: "N
# passed, N failed".
#
#   scripts/nccl-faults.sh BINARY [OPTIONS]
#
#   BINARY        the published nperf
#   --ways LIST   of threads processes server client bootstrap-0 bootstrap-1 mpi-0 mpi-1, with commas (default: all)
#   --calls LIST  only these symbols
#   --most N      at most N calls of a symbol fail, spread over all of them (default: every call)
#   --no-hangs    only failures
#   --jobs N      runs at a time (default: processors)
#   --keep FILE   write a line for each run there
#
# How many calls there are is counted in a run without a fault. Each of them fails in a run of its own; the first and the
# last of every symbol hang in one more. A run passes when every process ends with code 1 within 5 seconds of the fault
# (where a call hangs: of the moment at which it is given up), with one line that names the call, and the document of rank 0
# is whole and holds error {code, message, rank, host, step}. Where only the topology is asked for, it goes on without.
# Needs gcc, bash, jq.
set -euo pipefail

# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

ways=threads,processes,server,client,bootstrap-0,bootstrap-1,mpi-0,mpi-1 calls='' most=1000000 no_hangs='' jobs=$(nproc) keep=''
arguments ways calls most no_hangs=1 jobs keep -- "$@"
whole 1 most jobs
needs gcc jq
[[ -z $keep ]] || keep=$(realpath -m "$keep")

readonly leave_ms=5000 limit_s=60
# nperf's, where a call hangs. Where one fails it is beyond what a run may take.
readonly timeout_s=2 long_timeout_s=30
# By how much more than the timeout the server gives up a run in which nobody waits for another.
readonly unawaited_ms=5000
# Two runs call everything: what is graphs and windows, and what is neither.
readonly programs=("--op all --graph 1 --register symmetric" "--op allreduce --register local")
readonly sizes="-b 64 -i 1 -w 1 --interval 0"
# Each job has ports of its own, in turns, below those that the system hands out; two scripts at a time begin elsewhere.
first_port=$((20000 + ($$ * 7 % 50) * 20)) ports=$((11000 / (jobs + 1) / 2 * 2))
at_work

gcc -std=gnu11 -O2 -shared -fPIC -fvisibility=hidden -Wl,-Bsymbolic "$root"/tests/StandIn/*.c -DNPERF_HOST \
    -x c "$root/src/Nperf.Core/Gpu/Kernels/pattern.cu" -o "$work/standin.so" -lm -pthread
export NPERF_CUDA_LIB=$work/standin.so NPERF_NVML_LIB=$work/standin.so STANDIN_GPUS=2 STANDIN_TIMEOUT=60
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1

# began PLACE VARIABLE... -- COMMAND...: one process in the background, with its output in PLACE.out and PLACE.err.
began() {
    local place=$1 variables=()
    shift
    while [[ $1 != -- ]]; do variables+=("$1"); shift; done
    shift
    timeout -k 5 "$limit_s" env "${variables[@]}" "$@" >"$place.out" 2>"$place.err" </dev/null &
    pids[place]=$!
}

# perform WAY PROGRAM FAULT...: a run with these variables in the process that the way names; leaves codes, and in ended when
# the last process had ended, in milliseconds.
perform() {
    local way=$1 program=$2 rank
    shift 2
    local what nperf=("$binary" --nccl-lib "$work/standin.so") fault=("STANDIN_REPORT=$PWD/report" "$@") of=()
    read -ra what <<<"${programs[program]} $sizes --timeout $long_timeout_s"
    [[ $* != *STANDIN_HANG=* ]] || what[-1]=$timeout_s
    rm -f report ./*.out ./*.err
    rm -rf temporary
    mkdir -p standin temporary
    pids=() codes=()
    port=$((port + 2 < first_port + ports ? port + 2 : first_port))
    case $way in
        threads | processes)
            began 0 "${fault[@]}" -- "${nperf[@]}" -n 2 --ranks-in "$way" "${what[@]}" -J
            ;;
        server)
            began 0 "${fault[@]}" -- "${nperf[@]}" -s -n 1 -p "$port" "${what[@]}" --backend nccl -J
            began 1 -- "${nperf[@]}" -c "127.0.0.1:$port" --timeout "${what[-1]}"
            ;;
        client)
            began 0 -- "${nperf[@]}" -s -n 1 -p "$port" "${what[@]}" --backend nccl -J
            began 1 "${fault[@]}" -- "${nperf[@]}" -c "127.0.0.1:$port" --timeout "${what[-1]}"
            ;;
        bootstrap-*)
            for rank in 0 1; do
                of=()
                [[ ${way##*-} != "$rank" ]] || of=("${fault[@]}")
                began $rank "NCCL_COMM_ID=127.0.0.1:$port" "${of[@]}" -- "${nperf[@]}" --nccl-bootstrap --rank $rank \
                    --world-size 2 "${what[@]}" -J
            done
            ;;
        mpi-*)
            of=([0]='' [1]='')
            of[${way##*-}]="${fault[*]}"
            # What words there are has no spaces.
            # shellcheck disable=SC2086
            began 0 -- mpirun --oversubscribe --bind-to none \
                -np 1 env ${of[0]} "${nperf[@]}" --mpi "${what[@]}" -J : -np 1 env ${of[1]} "${nperf[@]}" --mpi "${what[@]}" -J
            ;;
        *) die "no way $way (--help)" ;;
    esac
    for rank in "${!pids[@]}"; do
        codes[rank]=0
        wait "${pids[rank]}" || codes[rank]=$?
    done
    ended=$((${EPOCHREALTIME/[.,]/} / 1000))
}

# calls WAY PROGRAM: "SYMBOL COUNT" for each that the process of the fault calls.
calls() {
    perform "$1" "$2"
    [[ ${codes[*]} =~ ^[0\ ]+$ ]] || die "a run without a fault fails ($1): $(cat ./*.err)"
    sed -nE 's/^[0-9]+ calls\.([A-Za-z0-9_]+)=([0-9]+)$/\1 \2/p' report |
        awk '$2 > most[$1] { most[$1] = $2 } END { for (symbol in most) print symbol, most[symbol] }' | sort
}

# cases WAY PROGRAM: "WAY PROGRAM SYMBOL K fail|hang" for each run.
cases() {
    local symbol count polled i n last
    while read -r symbol count; do
        [[ -z $calls || ,$calls, == *,$symbol,* ]] || continue
        # What the second program calls as the first does is done.
        if (($2)) && grep -qx "$symbol" "symbols.$1"; then continue; fi
        echo "$symbol" >>"symbols.$1"
        polled=0
        [[ $symbol != cuStreamQuery && $symbol != ncclCommGetAsyncError ]] || polled=1
        # How often something is polled differs from run to run.
        ((!polled)) || count=$((count < 3 ? count : 3))
        n=$((count < most ? count : most)) last=0
        for ((i = 1; i <= n; i++)); do
            last=$((n > 1 ? 1 + (i - 1) * (count - 1) / (n - 1) : 1))
            echo "$1 $2 $symbol $last fail"
        done
        [[ -z $no_hangs ]] || continue
        echo "$1 $2 $symbol 1 hang"
        ((last == 1)) || echo "$1 $2 $symbol $last hang"
    done < <(calls "$1" "$2")
}

# judge SYMBOL HOW K: what became of the run: "ended MS", "went-on 0", "unreached 0" or "WRONG why".
judge() {
    local at took file lines bound=$leave_ms
    at=$(sed -nE 's/^[0-9]+ fault=.* at ([0-9]+)$/\1/p' report | head -n 1)
    [[ -z $(ls -A temporary) ]] || { echo "WRONG left in the temporary folder: $(ls -A temporary)"; return; }
    if [[ ${codes[*]} =~ ^[0\ ]+$ ]]; then
        if [[ -z $at ]]; then
            # How many there are depends on times, but for the first.
            case $1:$3 in
                cuStreamQuery:* | ncclCommGetAsyncError:*) echo "unreached 0" ;;
                *:1) echo "WRONG the call did not come" ;;
                *) echo "unreached 0" ;;
            esac
        elif jq -e '.error == null and (.results | length) > 0 and all(.results[]; .wrong == 0 or .operation == "barrier")' 0.out >/dev/null 2>&1; then
            # What tells of the topology, for which the driver is asked anew.
            case $1 in
                nvml* | cuInit | cuDevice* | cuDriverGetVersion | ncclResetDebugInit) echo "went-on 0" ;;
                *) echo "WRONG it goes on as if the call had not failed" ;;
            esac
        else
            echo "WRONG all codes are 0 and the document is not whole"
        fi
        return
    fi
    [[ -n $at ]] || { echo "WRONG codes ${codes[*]} without the call"; return; }
    took=$((ended - at))
    if [[ $2 == hang ]]; then bound=$((bound + timeout_s * 1000 + unawaited_ms)); fi
    [[ ${codes[*]} =~ ^[1\ ]+$ ]] || { echo "WRONG codes ${codes[*]}"; return; }
    ((took <= bound)) || { echo "WRONG left after $took ms"; return; }
    for file in ./*.err; do
        lines=$(grep -c '^nperf: error: ' "$file" || true)
        ((lines == 1)) || { echo "WRONG $lines lines in $file"; return; }
        [[ $2 == hang ]] || grep -q "^nperf: error: .*$1" "$file" || { echo "WRONG the line in $file does not name the call"; return; }
    done
    jq -e --arg call "$1" --arg how "$2" '.error | (.code | type) == "string" and (.message | length) > 0
        and ($how == "hang" or (.message | contains($call)))
        and has("rank") and has("host") and has("step")' 0.out >/dev/null 2>&1 ||
        { echo "WRONG the document does not say it: $(jq -c .error 0.out 2>&1 | head -c 300)"; return; }
    # Before the run there is neither rank nor step.
    jq -e '.error | .rank != null and .host != null and .step != null' 0.out >/dev/null && echo "ended $took" || echo "ended-nameless $took"
}

# work_off NUMBER: every so many-th case.
work_off() {
    local way program symbol k how number=0 verdict status
    mkdir "$work/$1"
    cd "$work/$1"
    export STANDIN_FOLDER=$PWD/standin TMPDIR=$PWD/temporary
    port=$((first_port += ports * ($1 + 1)))
    while read -r way program symbol k how; do
        ((number++ % jobs == $1)) || continue
        status=
        [[ $how == hang ]] || status=:2
        perform "$way" "$program" "STANDIN_${how^^}=$symbol:$k$status"
        verdict=$(judge "$symbol" "$how" "$k")
        echo "$way $symbol $k $how $verdict" >>"$work/verdicts.$1"
        if [[ $verdict == WRONG* ]]; then
            printf 'FAILED: %s, %s of call %s of %s: %s\n' "$way" "$how" "$k" "$symbol" "${verdict#WRONG }"
            tail -qn 2 ./*.err | cut -c -300 | sed 's/^/    /'
        fi
    done <"$work/cases"
}

mkdir "$work/count"
cd "$work/count"
export STANDIN_FOLDER=$PWD/standin TMPDIR=$PWD/temporary
port=$first_port
for way in ${ways//,/ }; do
    if [[ $way == mpi-* ]] && ! command -v mpirun >/dev/null; then
        echo "left out: $way, for there is no mpirun"
        continue
    fi
    for program in "${!programs[@]}"; do cases "$way" "$program"; done
done >"$work/cases"
grep '^left out' "$work/cases" || true
sed -i '/^left out/d' "$work/cases"
total=$(wc -l <"$work/cases")
((total > 0)) || die "there is nothing to do"

for ((w = 0; w < jobs; w++)); do
    work_off "$w" &
    started+=("$!")
done
wait
cd "$work"
cat verdicts.* >verdicts
[[ -z $keep ]] || sort verdicts >"$keep"

printf '%s, two ranks, NCCL and CUDA by the stand-in\n\n' "$("$binary" --version)"
echo '| way | symbols | calls that failed | calls that hung | ended as due | went on, rightly | did not come | longest after a failure (ms) | after a hang (ms) | wrong |'
echo '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |'
for way in ${ways//,/ }; do
    awk -v way="$way" '
        $1 == way {
            n++
            if (!($2 in seen)) { seen[$2] = 1; symbols++ }
            how[$4]++
            what[$5 == "ended-nameless" ? "ended" : $5]++
            if ($5 ~ /^ended/ && $6 > longest[$4]) longest[$4] = $6
        }
        END {
            if (n) printf "| %s | %d | %d | %d | %d | %d | %d | %d | %d | %d |\n", way, symbols, how["fail"], how["hang"],
                what["ended"], what["went-on"], what["unreached"], longest["fail"], longest["hang"], what["WRONG"]
        }' verdicts
done
failed=$(grep -c ' WRONG ' verdicts || true)
printf '\n%d s\n%d passed, %d failed\n' "$SECONDS" "$((total - failed))" "$failed"
((failed == 0 && $(wc -l <verdicts) == total))
