#!/bin/bash
# Makes the GPU kernels' PTX from their source with clang 14, which needs no CUDA toolkit. The driver of any GPU since
# Volta (compute capability 7.0) compiles PTX for itself when it is loaded.
# Usage: scripts/build-kernels.sh [--check] - with --check, only fails where the PTX is not what the source gives.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../src/Nperf.Core/Gpu/Kernels"

ptx=$(mktemp)
trap 'rm -f "$ptx"' EXIT
# Without contraction the check computes as the processor does.
clang-14 -x cuda --cuda-device-only --cuda-gpu-arch=sm_70 -nocudainc -nocudalib \
    -O3 -ffp-contract=off -Wall -Wextra -Werror -S -o "$ptx" pattern.cu

if [[ ${1:-} == --check ]]; then
    cmp "$ptx" pattern.ptx || {
        echo "pattern.ptx is not what pattern.cu gives; run scripts/build-kernels.sh" >&2
        exit 1
    }
else
    cat "$ptx" >pattern.ptx
fi
