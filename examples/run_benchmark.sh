#!/bin/bash
# One run over several hosts by ssh: the server on the first, a client on each of the others.
#
#   ./run_benchmark.sh                                  # node1 to node4, allreduce of 1 MiB
#   CLIENTS="node2 node3" ./run_benchmark.sh --op alltoall -b 1K -B 64M
#
# Variables: SERVER, CLIENTS (separated by spaces), PORT, NPERF (its path on the hosts), SSH.
# The options go to the server alone: the clients learn them from it. Nobody waits for anybody to start: a client
# tries again until the server is there. Ctrl-C reaches the server, and that ends the run on all hosts.
set -euo pipefail

SERVER=${SERVER:-node1}
CLIENTS=${CLIENTS:-node2 node3 node4}
PORT=${PORT:-5201}
NPERF=${NPERF:-./nperf}
SSH=${SSH:-ssh}

read -ra clients <<<"$CLIENTS"
read -ra ssh <<<"$SSH"
(($#)) || set -- --op allreduce -b 1M

# The clients' tables are the server's: their errors are enough here.
pids=()
for client in "${clients[@]}"; do
    "${ssh[@]}" -n "$client" "$NPERF $(printf '%q ' -c "$SERVER" -p "$PORT")" >/dev/null &
    pids+=($!)
done

# With a terminal, the server gets one too: for Ctrl-C and the progress line.
terminal=()
[[ -t 0 && -t 1 ]] && terminal=(-t)
status=0
"${ssh[@]}" "${terminal[@]}" "$SERVER" \
    "$NPERF $(printf '%q ' -s -n "${#clients[@]}" -p "$PORT" "$@")" || status=$?

# 2: nperf refused the options; 255: ssh failed. No client will ever find this server.
if ((status == 2 || status == 255)); then
    kill "${pids[@]}" 2>/dev/null || true
fi
for i in "${!pids[@]}"; do
    code=0
    wait "${pids[i]}" || code=$?
    ((code == 0)) || echo "${clients[i]}: exit code $code" >&2
    ((status != 0)) || status=$code
done
exit "$status"
