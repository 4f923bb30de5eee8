#!/bin/bash
# Generated and mutated inputs into every decoder of what comes from outside a process: messages, handshakes, NCCL's log and
# answers, files, options. Each either decodes to what can be encoded and decoded again, or is refused as documented,
# with memory and time in proportion to its length. A line a target; the last line is "N passed, N failed".
# Usage: scripts/fuzz.sh [--inputs N] [--seed S] [--jobs N] [--target NAME [--input HEX]]
#   --inputs N     for each target (default: 10 million)
#   --seed S       other inputs (default: 1); one seed gives the same ones everywhere
#   --jobs N       threads (default: one a processor)
#   --target NAME  one alone; --input HEX: one input of it alone
#
# Needs the .NET SDK; or NPERF_PROGRAMS: a folder with the program built, which then starts as it is.
set -euo pipefail

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/../tests/Nperf.Fuzz" && pwd)
[[ -n ${NPERF_PROGRAMS:-} ]] || dotnet build "$project" --configuration Release --nologo --tl:off -v quiet >&2
exec "${NPERF_PROGRAMS:-$project/bin/Release/net10.0}/Nperf.Fuzz" "$@"
