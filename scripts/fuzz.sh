#!/bin/bash
# Generated and mutated inputs into every decoder of what comes from outside a process: messages, handshakes, NCCL's log and
# answers, files, options. Each either decodes to what can be encoded and decoded again, or is refused as documented,
# with memory and time in proportion to its length. Prints a line a target; the last line counts: "N passed, N failed".
#
#   scripts/fuzz.sh [OPTIONS]
#
#   --inputs N     for each target (default: 10000000)
#   --seed S       what the inputs are drawn from; the same seed draws the same inputs (default: 1)
#   --jobs N       threads (default: processors)
#   --target NAME  one target alone
#   --input HEX    with --target: one input of it alone
#
# Needs the .NET SDK; or NPERF_PROGRAMS: a folder with the program built, which then starts as it is.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

show_help "$@"
become Nperf.Fuzz "$@"
