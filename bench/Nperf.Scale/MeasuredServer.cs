using System.Diagnostics;
using System.Net;
using Nperf.Core;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;
using Meeting = Nperf.Core.Rendezvous.Rendezvous;

namespace Nperf.Scale;

/// <summary>
/// The server of a run, as nperf is one, without the collectives: rendezvous, barriers and gathers by the classes that nperf
/// itself uses. A process of its own, which prints its port and at the end its figures.
/// </summary>
internal static class MeasuredServer
{
    /// <summary>Barriers that are timed, and those before them that are not.</summary>
    public const int Barriers = 100, WarmUps = 5;

    /// <summary>Gathers that are timed.</summary>
    public const int Gathers = 10;

    /// <summary>What each client adds to a gather: more than a rank's figures of one size have.</summary>
    public const int GatherBytes = 1024;

    /// <summary>Serves <paramref name="clients"/> clients once.</summary>
    public static int Run(int clients, Token? token)
    {
        using AbortSignal abort = new();
        ProcessOptions process = new()
        {
            Mode = Mode.Server,
            Port = 0,
            Bind = IPAddress.Loopback,
            ExpectedClients = clients,
            Token = token,
        };
        using Control control = Meeting.Serve(new RunOptions(), process, abort, new PortTeller());
        ServerFigures figures = Measure(control);
        control.Leave();
        Console.WriteLine(figures.ToLine());
        return 0;
    }

    private static ServerFigures Measure(Control control)
    {
        for (int i = 0; i < WarmUps; i++) control.Barrier("warm-up");
        TimeSpan before = Environment.CpuUsage.TotalTime;
        double[] barriers = new double[Barriers];
        for (int i = 0; i < Barriers; i++) barriers[i] = Time(() => control.Barrier("barrier"));
        TimeSpan busy = Environment.CpuUsage.TotalTime - before;
        double[] gathers = new double[Gathers];
        byte[] own = new byte[GatherBytes];
        for (int i = 0; i < Gathers; i++)
        {
            control.Barrier("before a gather");
            gathers[i] = Time(() => control.Gather(own, "gather"));
        }

        return new ServerFigures(
            Quantile(barriers, 0.5), Quantile(barriers, 0.99), busy.TotalMilliseconds / Barriers, Quantile(gathers, 0.5),
            ProcFile.KiB("/proc/self/status", "VmHWM") ?? 0, Directory.GetFiles("/proc/self/fd").Length);
    }

    private static double Time(Action call)
    {
        long start = Stopwatch.GetTimestamp();
        call();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static double Quantile(double[] values, double part)
    {
        Array.Sort(values);
        return values[(int)(part * (values.Length - 1))];
    }

    private sealed class PortTeller : RunObserver
    {
        public override void Listening(IPEndPoint endpoint, int expectedClients) => Console.WriteLine(endpoint.Port);
    }
}
