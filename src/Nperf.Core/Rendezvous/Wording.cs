using System.Globalization;
using System.Net.Sockets;

namespace Nperf.Core.Rendezvous;

/// <summary>How processes, times and reasons are named in messages.</summary>
internal static class Wording
{
    /// <summary>For example <c>rank 2 on node3 (10.0.0.3)</c>; without an address where the process has none to tell.</summary>
    public static string Name(ProcessInfo process)
    {
        string ranks = process.RankCount == 1
            ? $"rank {process.FirstRank}"
            : $"ranks {process.FirstRank}-{process.FirstRank + process.RankCount - 1}";
        return process.Address == ThisProcess.NoAddress
            ? $"{ranks} on {process.Host}"
            : $"{ranks} on {process.Host} ({process.Address})";
    }

    public static string Names(IEnumerable<ProcessInfo> processes) => string.Join(", ", processes.Select(Name));

    /// <summary>For example <c>1 connection</c>, <c>3 connections</c>.</summary>
    public static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";

    /// <summary>For example <c>30 s</c>.</summary>
    public static string Seconds(double seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.###} s");

    /// <summary>Why a connection ended.</summary>
    public static string End(Exception? end) => end switch
    {
        null => "it closed its connection",
        EndOfStreamException => "its connection ended within a message",
        _ when SocketErrorOf(end) is { } error => Reason(error),
        _ => "its connection was closed",
    };

    public static SocketError? SocketErrorOf(Exception e) => (e as SocketException ?? e.InnerException as SocketException)?.SocketErrorCode;

    /// <summary>What a socket error means to a person.</summary>
    public static string Reason(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => "connection refused",
        SocketError.ConnectionReset => "connection reset",
        SocketError.TimedOut => "no answer",
        SocketError.HostUnreachable => "no route to the host",
        SocketError.NetworkUnreachable => "network unreachable",
        SocketError.AddressFamilyNotSupported => "address family not supported here",
        SocketError.AccessDenied => "not permitted",
        SocketError.TooManyOpenSockets => "this process may open no more files (ulimit -n)",
        SocketError.TryAgain => "the name server did not answer",
        _ => new SocketException((int)error).Message,
    };
}
