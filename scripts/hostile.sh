#!/bin/bash
# Strangers at nperf's ports, many at a time, held open: scans, resets, HTTP, TLS, SSH, silence, slow bytes, half handshakes,
# giant lengths, noise; while a run comes together, at its data ports, and while it goes on; without a token and with one.
# Prints Markdown: how long good clients take to join, and figures with strangers beside the same without, in turns. The
# last line is "N passed, N failed". Asserted: joins take less than a second, every run ends well with its own ranks alone,
# strangers' lines and memory are bounded, figures differ no more than from one run without strangers to the next.
# Usage: scripts/hostile.sh NPERF [--connections N] [--rounds N] [--seed N]
#
# Needs the .NET SDK; or NPERF_PROGRAMS: a folder with the program built, which then starts as it is.
set -euo pipefail

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/../tests/Nperf.Hostile" && pwd)
[[ -n ${NPERF_PROGRAMS:-} ]] || dotnet build "$project" --configuration Release --nologo --tl:off -v quiet >&2
exec "${NPERF_PROGRAMS:-$project/bin/Release/net10.0}/Nperf.Hostile" "$@"
