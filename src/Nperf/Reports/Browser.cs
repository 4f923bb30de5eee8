using System.Diagnostics;
using Nperf.Core;

namespace Nperf.Reports;

/// <summary>
/// Draws a picture with a browser of this machine: nperf carries no library that could. The browser has a folder of its own
/// for all that it keeps, no window and no network.
/// </summary>
internal static class Browser
{
    private const string NoBrowser = "no Chromium, Chrome or Edge is on this machine to draw a png; --format svg needs none";

    private static readonly string[] Names =
        ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "chrome-headless-shell", "microsoft-edge", "microsoft-edge-stable"];

    /// <summary>More than a picture takes on a machine that is busy.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>The SVG <paramref name="svg"/> as PNG, twice as many dots each way as it has units.</summary>
    /// <exception cref="RunException">There is no browser, or it draws nothing.</exception>
    public static byte[] ToPng(byte[] svg, int width, int height)
    {
        string browser = Find() ?? throw new RunException(FailureKind.Error, NoBrowser);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("nperf-report-");
        try
        {
            string page = Path.Combine(folder.FullName, "chart.html"), picture = Path.Combine(folder.FullName, "chart.png");
            File.WriteAllText(page, $"<!DOCTYPE html><meta charset=utf-8><body style=\"margin:0\">{System.Text.Encoding.UTF8.GetString(svg)}");
            string said = Run(browser, folder.FullName, $"--window-size={width},{height}", $"--screenshot={picture}", new Uri(page).AbsoluteUri);
            return File.Exists(picture) ? File.ReadAllBytes(picture)
                : throw new RunException(FailureKind.Error, $"{browser} drew no png{said}; --format svg needs no browser");
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or System.ComponentModel.Win32Exception)
        {
            throw new RunException(FailureKind.Error, $"{browser} cannot draw a png: {cause.Message}; --format svg needs no browser", cause);
        }
        finally
        {
            Remove(folder);
        }
    }

    private static string? Find() =>
        (from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
         from name in Names
         select Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>Runs it to its end; returns the last line of what it said, for an error.</summary>
    private static string Run(string browser, string folder, params string[] what)
    {
        string[] options =
        [
            "--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", "--disable-extensions", "--hide-scrollbars", "--force-device-scale-factor=2", $"--user-data-dir={folder}/profile",
            // Root's browser has no sandbox; what it draws was written here.
            .. Environment.IsPrivilegedProcess ? ["--no-sandbox"] : Array.Empty<string>(), .. what,
        ];
        var start = new ProcessStartInfo(browser, options) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["HOME"] = folder; // Where it would leave caches.
        using Process process = Process.Start(start) ?? throw new IOException("it cannot be started");
        Task<string> errors = process.StandardError.ReadToEndAsync(), output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
            return $" within {Limit.TotalSeconds:0} s";
        }

        string last = Task.WaitAll([errors, output], TimeSpan.FromSeconds(5))
            ? errors.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "" : "";
        return last.Length == 0 ? "" : $" and says: {last}";
    }

    private static void Remove(DirectoryInfo folder)
    {
        try
        {
            folder.Delete(recursive: true);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            // A process of the browser that is still ending writes to it; it lies among temporary files.
        }
    }
}
