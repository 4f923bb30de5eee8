#!/bin/bash
# One run over several hosts: the server by ssh, all clients by one pdsh.
#
#   ./pdsh.sh                                           # node1 to node4, allreduce of 1 MiB
#   CLIENTS="node[2-3]" ./pdsh.sh --op alltoall -b 1K -B 64M
#
# Variables: SERVER, CLIENTS (a pdsh host list), PORT, NPERF (its path on the hosts), SSH (pdsh uses its options too).
# The options go to the server alone: the clients learn them from it, and try again until the server is there.
set -euo pipefail

SERVER=${SERVER:-node1}
CLIENTS=${CLIENTS:-node[2-4]}
PORT=${PORT:-5201}
NPERF=${NPERF:-./nperf}
SSH=${SSH:-ssh}

read -ra ssh <<<"$SSH"
(($#)) || set -- --op allreduce -b 1M
export PDSH_RCMD_TYPE=ssh
export PDSH_SSH_ARGS_APPEND="${ssh[*]:1}"

# pdsh expands the host list: here it runs echo on this machine, once for each.
count=$(pdsh -R exec -f 1 -N -w "$CLIENTS" echo %h | wc -l)

# -S: the highest exit code of the clients. Their tables are the server's: their errors are enough here.
pdsh -S -w "$CLIENTS" "$NPERF $(printf '%q ' -c "$SERVER" -p "$PORT")" </dev/null >/dev/null &
clients=$!

terminal=()
[[ -t 0 && -t 1 ]] && terminal=(-t)
status=0
"${ssh[@]}" "${terminal[@]}" "$SERVER" "$NPERF $(printf '%q ' -s -n "$count" -p "$PORT" "$@")" || status=$?

# 2: nperf refused the options; 255: ssh failed. No client will ever find this server.
if ((status == 2 || status == 255)); then
    kill "$clients" 2>/dev/null || true
fi
code=0
wait "$clients" || code=$?
exit "$((status ? status : code))"
