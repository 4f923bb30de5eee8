#!/bin/bash
# Runs nperf many times, in every mode, and kills, stops or cuts off a random process of each run at a random moment: every
# other process has to leave, in time, with a cause, and nothing may be left. The last line counts: "N passed, N failed".
# A run that fails is named, and its whole story kept. docs/reliability.md has the figures.
#
#   scripts/chaos.sh BINARY [--runs N] [--seed S] [--parallel P] [--mode LIST]      --help shows all options
#
# Needs the .NET SDK, and root or user namespaces; as root, hosts in network namespaces too. gcc, Open MPI and MPICH add
# modes; what is left out is said.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
dotnet build "$root/tests/Nperf.Chaos" -c Release -v quiet --nologo >&2
exec "$root/tests/Nperf.Chaos/bin/Release/net10.0/Nperf.Chaos" "$@"
