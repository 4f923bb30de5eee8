#!/bin/bash
# Strangers at nperf's ports, many at a time, held open: scans, resets, HTTP, TLS, SSH, silence, slow bytes, half handshakes,
# giant lengths, noise; while a run comes together, at its data ports, and while it goes on; without a token and with one.
# Prints Markdown: how long good clients take to join, and figures with strangers beside the same without, in turns. The
# last line counts: "N passed, N failed". Asserted: joins take less than a second, every run ends well with its own ranks
# alone, strangers' lines and memory are bounded, figures differ no more than from one run without strangers to the next.
#
#   scripts/hostile.sh BINARY [OPTIONS]
#
#   BINARY           the published nperf
#   --connections N  strangers at a time (default: 1000)
#   --rounds N       how often each figure is taken (default: 7)
#   --seed N         what strangers say is drawn from it; the same seed draws the same (default: 1)
#
# Needs the .NET SDK; or NPERF_PROGRAMS: a folder with the program built, which then starts as it is.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

show_help "$@"
become Nperf.Hostile "$@"
