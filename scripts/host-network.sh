#!/bin/bash
# The host backend over TCP beside iperf3, in the same interleaved rounds: on links of 1 and 10 Gbit/s (two network namespaces,
# a veth pair, tc tbf at both ends), large messages by sendrecv and allreduce, and on loopback without a limit, sendrecv; all
# with one stream and with two. Prints a table of medians for Markdown; the last line counts: "N passed, N failed". On a link
# at least 0.93 of its rate (of a full packet 1448 of 1514 bytes are data, which is 0.956) and 0.95 of iperf3's pass, on
# loopback 0.95 of iperf3's.
#
#   scripts/host-network.sh BINARY [OPTIONS]
#
#   BINARY             the published nperf
#   --rounds N         how many (default: 5, which take eight minutes)
#   --seconds N        how long each measurement is, after a second that is left out (default: 3)
#   --congestion NAME  TCP's congestion control, for both programs (default: reno, which every system lets a namespace have)
#
# On a link iperf3 sends one way: each direction has its rate, and no processor limits. On loopback processors do: sendrecv has
# each rank send and receive at once, so iperf3 does (--bidir), with as many connections each way as nperf has streams; both
# figures are of one direction, the slower of iperf3's two. iperf3 sends the same 128 KiB again and again, out of the
# processor's cache; the messages on loopback are of 1 MiB, which stay there too. Needs root, a quiet machine, ip, tc, jq and
# iperf3.
set -euo pipefail

# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

rounds=5 seconds=3 congestion=reno
arguments rounds seconds congestion -- "$@"
whole 1 rounds seconds
needs ip tc jq iperf3
((EUID == 0)) || die "network namespaces take root"

left=nperf-network-$$-left
right=nperf-network-$$-right
namespaces=("$left" "$right")
at_work

ip netns add "$left"
ip netns add "$right"
ip -n "$left" link add link0 type veth peer name link0 netns "$right"
ip -n "$left" address add 10.96.0.1/24 dev link0
ip -n "$right" address add 10.96.0.2/24 dev link0
for namespace in "$left" "$right"; do
    ip -n "$namespace" link set lo up
    ip -n "$namespace" link set link0 up
    ip netns exec "$namespace" sysctl -qw net.ipv4.tcp_congestion_control="$congestion" ||
        die "the system does not let a namespace have the congestion control $congestion (net.ipv4.tcp_allowed_congestion_control)"
done

# Both ends of the link send at most so many Gbit/s. The queue holds what the link sends in 10 ms.
limit() {
    for namespace in "$left" "$right"; do
        ip netns exec "$namespace" tc qdisc replace dev link0 root tbf rate "${1}gbit" burst 256kb latency 10ms
    done
}

# Waits until somebody listens on the port in a namespace.
await_port() {
    local wanted
    wanted=$(printf ':%04X 0*:0000 0A' "$2")
    for ((try = 0; try < 200; try++)); do
        if ip netns exec "$1" cat /proc/net/tcp /proc/net/tcp6 | grep -q "$wanted"; then return; fi
        sleep 0.05
    done
    die "nobody listens on port $2"
}

# GB/s one way: nperf SERVER-NAMESPACE CLIENT-NAMESPACE ADDRESS OPERATION BYTES STREAMS
nperf() {
    ip netns exec "$1" "$binary" -s -n 1 --backend host --transport tcp --op "$4" -b "$5" -t "$seconds" -O 1 \
        --streams "$6" --verify none --interval 0 -J >"$work/document" 2>"$work/said" &
    started=("$!")
    await_port "$1" 5201
    ip netns exec "$2" "$binary" -c "$3" >/dev/null 2>>"$work/said" || die "nperf: $(cat "$work/said")"
    wait "${started[0]}"
    started=()
    jq '.results[0].busBandwidth' "$work/document"
}

# The same of iperf3: iperf3_rate SERVER-NAMESPACE CLIENT-NAMESPACE ADDRESS STREAMS [--bidir]
iperf3_rate() {
    ip netns exec "$1" iperf3 -s -1 >/dev/null 2>"$work/said" &
    started=("$!")
    await_port "$1" 5201
    ip netns exec "$2" iperf3 -c "$3" -t "$seconds" -O 1 -P "$4" "${@:5}" -J >"$work/document" ||
        die "iperf3: $(jq -r .error "$work/document")"
    wait "${started[0]}"
    started=()
    jq '[.end.sum_received, .end.sum_received_bidir_reverse | values | .bits_per_second] | min / 8e9' "$work/document"
}

for ((round = 1; round <= rounds; round++)); do
    for rate in 1 10; do
        limit "$rate"
        for streams in 1 2; do
            echo "round $round of $rounds: $rate Gbit/s, $streams streams" >&2
            key="$rate:$streams"
            for operation in sendrecv allreduce; do
                echo "nperf:$operation:$key $(nperf "$left" "$right" 10.96.0.1 "$operation" "$((rate * 8))M" "$streams")"
            done
            echo "iperf3:$key $(iperf3_rate "$left" "$right" 10.96.0.1 "$streams")"
        done
    done
    for streams in 1 2; do
        echo "round $round of $rounds: loopback, $streams streams" >&2
        echo "nperf:sendrecv:0:$streams $(nperf "$left" "$left" 127.0.0.1 sendrecv 1M "$streams")"
        echo "iperf3:0:$streams $(iperf3_rate "$left" "$left" 127.0.0.1 "$streams" --bidir)"
    done
done >"$work/figures"

sort -k1,1 -k2,2g "$work/figures" | awk -v processors="$(nproc)" -v congestion="$congestion" '
    { at[$1, ++count[$1]] = $2 }
    function median(key) { return at[key, int((count[key] + 1) / 2)] }
    function row(rate, streams, operation,    own, other, line, good) {
        own = median("nperf:" operation ":" rate ":" streams)
        other = median("iperf3:" rate ":" streams)
        line = rate / 8
        good = own >= 0.95 * other && (rate == 0 || own >= 0.93 * line)
        good ? passed++ : failed++
        printf "| %s | %s | %d | %.3f | %.3f | %s | %s | %.2f | %s |\n", rate == 0 ? "loopback" : rate " Gbit/s", operation, streams,
            own, other, rate == 0 ? "" : sprintf("%.3f", line), rate == 0 ? "" : sprintf("%.2f", own / line), own / other,
            good ? "yes" : "no"
    }
    END {
        printf "GB/s one way, medians; congestion control %s; %d processors.\n\n", congestion, processors
        print "| network | operation | streams | nperf | iperf3 | line | of the line | of iperf3 | met |"
        print "| --- | --- | --: | --: | --: | --: | --: | --: | --- |"
        split("1 10", rates, " ")
        for (r = 1; r <= 2; r++)
            for (streams = 1; streams <= 2; streams++) {
                row(rates[r], streams, "sendrecv")
                row(rates[r], streams, "allreduce")
            }
        for (streams = 1; streams <= 2; streams++) row(0, streams, "sendrecv")
        printf "\nOn a link iperf3 sends one way, on loopback both ways at once (--bidir), as sendrecv does.\n"
        printf "%d passed, %d failed\n", passed, failed
        exit failed > 0
    }'
