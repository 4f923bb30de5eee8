using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Nperf.Arguments;
using Nperf.Core.Launch;

namespace Nperf.Launch;

/// <summary>
/// Before anything runs: is each host reached, is it a machine of this kind, and where does it have this very program?
/// With <c>--copy</c> it has it afterwards.
/// </summary>
internal sealed class HostCheck(LaunchOptions options, ProgramFile program, HostVoices voices, CancellationToken cancel)
{
    /// <summary>The exit code of an ssh that failed itself.</summary>
    public const int SshFailed = 255;

    /// <summary>A login shell may have a long greeting.</summary>
    private const int MostCharacters = 1 << 20;

    private static readonly string System = $"Linux {(RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "aarch64" : "x86_64")}";

    private static readonly string Version = $"nperf {CommandLine.ProgramVersion}";

    /// <summary>Where a copy goes that nobody named a place for.</summary>
    public static string CopyPath(string hash) => $"~/.cache/nperf/nperf-{hash[..16]}";

    /// <summary>Where nperf is on each host; null, and an error noted, where it is not to be had.</summary>
    /// <exception cref="OperationCanceledException">The launch was given up.</exception>
    public async Task<string?[]> PathsAsync()
    {
        using var jobs = new SemaphoreSlim(options.Jobs);
        return await Task.WhenAll(options.Hosts.Select(async host =>
        {
            await jobs.WaitAsync(cancel);
            try
            {
                return await PathAsync(host);
            }
            finally
            {
                jobs.Release();
            }
        }));
    }

    private async Task<string?> PathAsync(LaunchHost host)
    {
        if (await AskAsync(host, RemoteScripts.Look(Places), []) is not { } reply) return null;
        if (reply.System is null) return Fail(host, "its login shell did not run sh");
        if (reply.System != System) return Fail(host, $"is {reply.System}, and this nperf is for {System}: install one that is built for it, and start it by hand");
        RemoteFile? found = reply.Files.FirstOrDefault(IsThisOne);
        if (found is null && options.Copy)
        {
            string path = options.RemotePath ?? CopyPath(program.Hash);
            if (await AskAsync(host, RemoteScripts.Take(path, program.Hash), program.Content) is not { } taken) return null;
            found = taken.Files.FirstOrDefault(IsThisOne);
            if (found is not null) voices.Say(host, $"copied nperf to {found.Path}");
        }

        if (found is null) return Fail(host, WhyNone(reply));
        return found.Version == Version ? found.Path : Fail(host, $"{found.Path} does not start there: {found.Version}");
    }

    private string[] Places => options.RemotePath is { } path ? [path] : ["nperf", Environment.ProcessPath!, CopyPath(program.Hash)];

    private bool IsThisOne(RemoteFile file) => file.Hash == program.Hash;

    private string WhyNone(HostReply reply)
    {
        const string Advice = "add --copy to copy this one";
        if (reply.Files.Count == 0) return $"has no nperf ({string.Join(", ", Places)}): {Advice}, or name its place with --remote-path";
        IEnumerable<string> others = reply.Files.Select(file =>
            file.Hash.Length == 0 ? $"{file.Path}, whose SHA-256 it cannot tell"
            : $"{file.Path} ({(file.Version.Length == 0 ? "no binary" : file.Version)}, SHA-256 {file.Hash[..12]}…)");
        return $"has another nperf: {string.Join(", ", others)}; this one is {Version}, SHA-256 {program.Hash[..12]}…: {Advice}";
    }

    /// <summary>What the host replies to a command; null, and an error noted, where that fails.</summary>
    private async Task<HostReply?> AskAsync(LaunchHost host, string command, byte[] input)
    {
        using Process process = Process.Start(SshCommand.ToStart(host, options.Ssh, command))!;
        using CancellationTokenRegistration kill = cancel.Register(process.Kill);
        Task<string> output = ReadAsync(process.StandardOutput);
        Task<string> error = ReadAsync(process.StandardError);
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(input, cancel);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended already: why follows.
        }

        await process.WaitForExitAsync(CancellationToken.None);
        string said = await output;
        string? complaint = LastLine(await error);
        cancel.ThrowIfCancellationRequested();
        if (process.ExitCode == 0) return HostReply.Of(said);

        // A login shell that lets nobody in says so on its standard output.
        string words = string.Join("; ", new[] { complaint, LastLine(said) }.Where(line => line is not null));
        Fail(host, process.ExitCode == SshFailed ? SshProblem(host, complaint ?? "") : $"exit code {process.ExitCode}: {words}");
        return null;
    }

    /// <summary>All that comes, of which what is beyond the most that a host has to say is left out.</summary>
    private static async Task<string> ReadAsync(StreamReader reader)
    {
        var text = new StringBuilder();
        char[] part = new char[4096];
        for (int read; (read = await reader.ReadAsync(part, CancellationToken.None)) > 0;)
            text.Append(part, 0, Math.Min(read, MostCharacters - text.Length));
        return text.ToString();
    }

    private static string SshProblem(LaunchHost host, string complaint)
    {
        if (complaint.Length == 0) return "ssh failed without a word; try it by hand";
        string advice = complaint.Contains("Permission denied", StringComparison.Ordinal) ? ": a launch needs a key that asks for nothing (ssh-copy-id)"
            : complaint.Contains("Host key verification failed", StringComparison.Ordinal) ? $": connect by hand once (ssh {host.Target})"
            : "";
        return complaint.TrimEnd('.') + advice;
    }

    private static string? LastLine(string text) => text.Split('\n').Select(line => line.Trim()).LastOrDefault(line => line.Length > 0);

    private string? Fail(LaunchHost host, string why)
    {
        voices.AddError(host, why);
        return null;
    }
}
