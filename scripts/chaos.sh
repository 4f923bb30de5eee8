#!/bin/bash
# Runs nperf many times, in every mode, and kills, stops or cuts off a random process of each run at a random moment: every
# other process has to leave, in time, with a cause, and nothing may be left. The last line counts: "N passed, N failed".
# A run that fails is named, and its whole story kept. docs/reliability.md has the figures.
#
#   scripts/chaos.sh BINARY [OPTIONS]
#
#   BINARY             the published nperf
#   --runs N           how many runs (default: 100)
#   --seed S           what the runs are drawn from; the same seed draws the same runs (default: 1)
#   --parallel P       how many at a time (default: 4)
#   --mode LIST        only these modes, with commas (default: all)
#   --only N           only run number N of the seed, with all that it says
#   --timeout SECONDS  the --timeout of the runs (default: 4)
#   --slack SECONDS    what a busy machine may add to each bound (default: 2)
#   --keep FOLDER      where the output of failed runs goes (default: a new folder in /tmp)
#   --report FILE      tables of the figures, as Markdown (default: nowhere)
#
# Needs the .NET SDK, or NPERF_PROGRAMS: a folder with the program built, inside the checkout, which then starts as it is.
# Needs root or user namespaces; as root, hosts in network namespaces too. gcc, Open MPI and MPICH add modes; what is left
# out is said.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

show_help "$@"
become Nperf.Chaos "$@"
