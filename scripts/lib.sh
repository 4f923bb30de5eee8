#!/bin/bash
# What the scripts of this folder share. They source it; by itself it does nothing.
#
# The head of a script, its comment up to the first line that is none, says what the script does and prints, how it is
# called and what it needs: --help prints it. A wrong call ends with exit code 2 and a line that says what is wrong.

root=$(realpath "$(dirname "${BASH_SOURCE[0]}")/..")

die() {
    local name=${0##*/}
    printf '%s: %s\n' "${name%.sh}" "$*" >&2
    exit 2
}

# show_help ARGUMENT...: prints the head of the script and ends where -h or --help is the first of these, or one of them before --.
show_help() {
    local argument
    for argument; do
        case $argument in
            -h | --help) sed -n '2,/^[^#]\|^$/s/^#$\|^# //p' "$0"; exit 0 ;;
            --) return ;;
        esac
    done
}

# arguments NAME... -- ARGUMENT...: reads the arguments of a script. --some-name VALUE sets the variable some_name where that is a
# NAME; of NAME=VALUE the option has no value, and sets this one. What is no option is BINARY, an nperf that has to be there:
# it is in $binary. What stands behind -- is in $rest.
arguments() {
    local names=() one name option
    while [[ $1 != -- ]]; do
        names+=("$1")
        shift
    done
    shift
    show_help "$@"
    binary='' rest=()
    while (($#)); do
        if [[ $1 == -- ]]; then
            rest=("${@:2}")
            break
        fi
        name=''
        for one in "${names[@]}"; do
            option=${one%%=*}
            if [[ $1 == "--${option//_/-}" ]]; then name=$one; fi
        done
        case $name/$1 in
            /-*) die "$1 is not an option (--help)" ;;
            /*)
                [[ -z $binary ]] || die "'$1': one BINARY only (--help)"
                binary=$1
                shift
                ;;
            *=*/*)
                printf -v "${name%%=*}" %s "${name#*=}"
                shift
                ;;
            *)
                (($# > 1)) || die "$1 needs a value (--help)"
                printf -v "$name" %s "$2"
                shift 2
                ;;
        esac
    done
    [[ -x $binary && ! -d $binary ]] || die "BINARY is to be the published nperf, for example build/linux-x64/nperf (--help)"
    binary=$(realpath "$binary")
}

# whole FROM NAME...: these options are whole numbers, from FROM on.
whole() {
    local from=$1 name
    shift
    for name; do
        if [[ ! ${!name} =~ ^(0|[1-9][0-9]{0,17})$ ]] || ((${!name} < from)); then
            die "--${name//_/-}: '${!name}' is no whole number from $from on"
        fi
    done
}

# needs PROGRAM...: these are installed.
needs() {
    local program package
    for program; do
        package=$program
        case $program in
            awk) package=mawk ;;
            ip | tc) package=iproute2 ;;
            lscpu | taskset | unshare) package=util-linux ;;
            mpirun) package=openmpi-bin ;;
        esac
        command -v "$program" >/dev/null || die "$program is not installed (Debian: apt-get install $package)"
    done
}

# at_work: makes the folder $work. However the script ends, it goes, and with it the processes in $started and the network
# namespaces in $namespaces.
work='' started=() namespaces=()
at_work() {
    work=$(mktemp -d)
    trap leave EXIT
    # Heard only between commands: nothing is made behind the back of what takes it away.
    trap 'exit 130' INT
    trap 'exit 143' TERM
    trap 'exit 129' HUP
}

leave() {
    local one
    trap '' INT TERM HUP
    for one in "${started[@]}"; do kill -KILL "$one" 2>/dev/null || true; done
    for one in "${namespaces[@]}"; do ip netns delete "$one" 2>/dev/null || true; done
    rm -rf "$work"
}

# become PROJECT ARGUMENT...: builds a program of tests/ and becomes it. NPERF_PROGRAMS names a folder that has it built.
become() {
    local folder=$root/tests/$1
    [[ -n ${NPERF_PROGRAMS:-} ]] || dotnet build "$folder" --configuration Release --nologo --tl:off -v quiet >&2
    exec "${NPERF_PROGRAMS:-$folder/bin/Release/net10.0}/$1" "${@:2}"
}

# For awk: the median of the samples time[key, 1] to time[key, count[key]], and microseconds with three digits.
# shellcheck disable=SC2034
readonly awk_figures='
    function median(key,    n, i, j, v, t) {
        n = count[key]
        for (i = 1; i <= n; i++) t[i] = time[key, i]
        for (i = 2; i <= n; i++) {
            v = t[i]
            for (j = i - 1; j >= 1 && t[j] > v; j--) t[j + 1] = t[j]
            t[j + 1] = v
        }
        return n % 2 ? t[(n + 1) / 2] : (t[n / 2] + t[n / 2 + 1]) / 2
    }
    function us(t) { return sprintf(t < 10 ? "%.2f" : t < 100 ? "%.1f" : "%.0f", t) }
'
