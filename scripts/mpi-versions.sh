#!/bin/bash
# Runs the published binary under the MPI libraries of other Debian releases than this machine's, each release in a folder
# of its own: Open MPI and MPICH by their own interfaces and, where a release has it, by the standard one (libmpi_abi).
# The last line counts the checks: "N passed, N failed".
#
#   scripts/mpi-versions.sh BINARY [SUITE...]
#
#   BINARY   the published nperf
#   SUITE    Debian releases (default: trixie sid)
#
# Every check is 2, 3 and 8 ranks: nperf's own collectives, then all of MPI's, then a rank that is killed, which has to end
# all others; what mpirun says then is MPICH's own affair, which forgets it at times. Needs root, debootstrap, jq and, for
# the packages, a network. NPERF_MPI_ROOTS names a folder in which the releases stay for the next time.
set -euo pipefail

# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

arguments -- "${@:1:1}"
shift
((EUID == 0)) || die "changing the root folder takes root"
needs debootstrap jq unshare
(($#)) || set -- trixie sid

# Mounts of a namespace of its own end with it.
if [[ -z ${NPERF_MPI_NAMESPACE:-} ]]; then
    NPERF_MPI_NAMESPACE=1 exec unshare --mount --propagation private "${BASH_SOURCE[0]}" "$binary" "$@"
fi

readonly limit_s=60 leave_s=15 # mpirun itself waits five seconds before it kills
at_work
roots=${NPERF_MPI_ROOTS:-$work/roots}
mkdir -p "$roots"
passed=0 failed=0

verdict() {
    if (($2)); then
        passed=$((passed + 1))
        echo "passed: $1"
    else
        failed=$((failed + 1))
        echo "FAILED: $1"
        tail -n 5 "$work/out" "$work/err" 2>/dev/null | sed 's/^/    /'
    fi
}

# inside COMMAND...: in the release, with nothing of this machine's environment.
inside() {
    chroot "$root" env -i PATH=/usr/bin:/bin:/usr/local/bin HOME=/root OMPI_ALLOW_RUN_AS_ROOT=1 \
        OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 PRTE_ALLOW_RUN_AS_ROOT=1 PRTE_ALLOW_RUN_AS_ROOT_CONFIRM=1 "$@"
}

# right NAME COMMAND...: a run that has to end well, with every result right.
right() {
    local name=$1 good=1
    shift
    inside timeout -k 5 "$limit_s" "$@" -J >"$work/out" 2>"$work/err" </dev/null || good=0
    jq -e '.error == null and (.results | length) > 0 and all(.results[]; (.wrong // 0) == 0)' "$work/out" >/dev/null 2>&1 || good=0
    library=$(jq -r '.environment | "\(.mpiVersion), \(.mpiLibrary)"' "$work/out" 2>/dev/null || true)
    verdict "$name: $library" "$good"
}

# ends NAME COMMAND...: one process is killed in the loop; all have to be gone soon, and mpirun not to say that all is well.
ends() {
    local name=$1 job code=0 victim good=1 begin
    shift
    inside timeout -k 5 "$limit_s" "$@" -t 50 -b 1M --interval 0.2 --timeout 5 >"$work/out" 2>"$work/err" </dev/null &
    job=$!
    until grep -q '^progress: allreduce.* of 50 s' "$work/err" || ! kill -0 "$job" 2>/dev/null; do sleep 0.1; done
    mapfile -t victim < <(pgrep -x nperf)
    if ((${#victim[@]} < 2)); then
        verdict "$name: it did not start" 0
        return
    fi
    begin=$SECONDS
    kill -9 "${victim[-1]}"
    while pgrep -x nperf >/dev/null && ((SECONDS - begin <= leave_s)); do sleep 0.1; done
    if pgrep -x nperf >/dev/null; then good=0; fi
    wait "$job" || code=$?
    ((code != 0)) || [[ $mpi == mpich ]] || good=0
    verdict "$name: all gone after $((SECONDS - begin)) s, exit code $code" "$good"
}

pgrep -x nperf >/dev/null && die "another nperf runs on this machine"
for suite; do
    root=$roots/$suite
    [[ -x $root/usr/bin/mpirun.mpich ]] ||
        debootstrap --variant=minbase --include=openmpi-bin,mpich "$suite" "$root" >"$work/debootstrap" 2>&1 ||
        { tail -n 3 "$work/debootstrap" >&2; die "$suite cannot be had"; }
    for folder in proc sys dev; do mount --rbind "/$folder" "$root/$folder"; done
    install "$binary" "$root/usr/local/bin/nperf"
    libraries=$root/usr/lib/$(uname -m)-linux-gnu
    for mpi in openmpi mpich; do
        launcher=("mpirun.$mpi")
        [[ $mpi == mpich ]] || launcher+=(--oversubscribe)
        interfaces=('')
        for standard in "$libraries/libmpi_abi_$mpi.so."*; do [[ ! -e $standard ]] || interfaces+=("${standard#"$root"}"); done
        for interface in "${interfaces[@]}"; do
            chosen=(--mpi)
            [[ -z $interface ]] || chosen+=(--mpi-lib "$interface")
            for ranks in 2 3 8; do
                command=("${launcher[@]}" -np "$ranks" nperf "${chosen[@]}")
                about="$suite, $mpi, $ranks ranks"
                right "$about" "${command[@]}" --op all -b 1K -B 256K -S 16 -i 5
                right "$about, --backend mpi" "${command[@]}" --backend mpi --op all -b 1K -B 64K -S 64 -i 3
                ends "$about, one killed" "${command[@]}"
            done
        done
    done
done

echo "$passed passed, $failed failed"
((failed == 0))
