#!/bin/bash
# Makes the GPU kernels' PTX from their source with clang 14, which needs no CUDA toolkit. The driver of any GPU since
# Volta (compute capability 7.0) compiles PTX for itself when it is loaded. Prints nothing where all is well.
#
#   scripts/build-kernels.sh [--check]
#
#   --check   write nothing; exit with 1 where the PTX is not what the source gives
#
# Needs clang-14.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

show_help "$@"
[[ $# == 0 || $* == --check ]] || die "'$*': --check, or nothing (--help)"
needs clang-14
cd "$root/src/Nperf.Core/Gpu/Kernels"

at_work
# Without contraction the check computes as the processor does.
clang-14 -x cuda --cuda-device-only --cuda-gpu-arch=sm_70 -nocudainc -nocudalib \
    -O3 -ffp-contract=off -Wall -Wextra -Werror -S -o "$work/pattern.ptx" pattern.cu

if [[ ${1:-} == --check ]]; then
    cmp "$work/pattern.ptx" pattern.ptx || {
        echo "pattern.ptx is not what pattern.cu gives; run scripts/build-kernels.sh" >&2
        exit 1
    }
else
    cat "$work/pattern.ptx" >pattern.ptx
fi
