#!/bin/bash
# What the control plane costs: a server in a process of its own and N simulated clients in another, on this machine, by the
# real protocol, without and with a token, as a Markdown table. With Open MPI installed also how long mpirun takes for as many
# processes that do nothing but MPI_Init and MPI_Finalize. About two minutes, the first time with the native compilation more.
#
#   scripts/scale.sh [CLIENTS...]        default: 64 256 1024 2048 4096
#
# Variables: MPI_PROCESSES, for mpirun (default: 2 16 64 128; empty: leave that out). It wants a quiet machine and
# descriptors for each client (ulimit -Hn). Needs the .NET SDK and gcc or clang.
set -euo pipefail

# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

show_help "$@"
for count; do [[ $count =~ ^[1-9][0-9]*$ ]] || die "'$count' is no number of clients (--help)"; done
read -ra processes <<<"${MPI_PROCESSES-2 16 64 128}"
(($# > 0)) || set -- 64 256 1024 2048 4096
at_work

case $(uname -m) in
    aarch64) rid=linux-arm64 ;;
    *) rid=linux-x64 ;;
esac
echo "building the native program" >&2
dotnet publish "$root/bench/Nperf.Scale/Nperf.Scale.csproj" -c Release -r "$rid" --artifacts-path "$root/build/artifacts" \
    -o "$root/build/scale" --nologo --tl:off -v quiet --disable-build-servers >&2

"$root/build/scale/nperf-scale" "$@"

((${#processes[@]} > 0)) && command -v mpicc >/dev/null && command -v mpirun >/dev/null || exit 0
cat >"$work/nothing.c" <<'C'
#include <mpi.h>
int main(int argc, char **argv) { return MPI_Init(&argc, &argv) || MPI_Finalize(); }
C
mpicc -O2 "$work/nothing.c" -o "$work/nothing"
printf '\n%s\n\n| processes | mpirun of MPI_Init and MPI_Finalize, s, median of 3 |\n| --- | --- |\n' "$(mpirun --version | head -n 1)"
for count in "${processes[@]}"; do
    for _ in 1 2 3; do
        begin=$EPOCHREALTIME
        OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 \
            timeout 60 mpirun -np "$count" --oversubscribe "$work/nothing" >/dev/null
        end=$EPOCHREALTIME
        echo $((${end/./} - ${begin/./}))
    done | sort -n | awk -v count="$count" 'NR == 2 { printf "| %d | %.2f |\n", count, $1 / 1e6 }'
done
