#!/bin/bash
# Runs nperf many times, in every mode, and kills, stops or cuts off a random process of each run at a random moment: every
# other process has to leave, in time, with a cause, and nothing may be left. The last line counts: "N passed, N failed".
# A run that fails is named, and its whole story kept. docs/reliability.md has the figures.
#
#   scripts/chaos.sh BINARY [--runs N] [--seed S] [--parallel P] [--mode LIST]      --help shows all options
#
# Needs the .NET SDK, or NPERF_PROGRAMS: a folder with the program built, inside the checkout, which then starts as it is.
# Needs root or user namespaces; as root, hosts in network namespaces too. gcc, Open MPI and MPICH add modes; what is left
# out is said.
set -euo pipefail

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/../tests/Nperf.Chaos" && pwd)
[[ -n ${NPERF_PROGRAMS:-} ]] || dotnet build "$project" --configuration Release --nologo --tl:off -v quiet >&2
exec "${NPERF_PROGRAMS:-$project/bin/Release/net10.0}/Nperf.Chaos" "$@"
