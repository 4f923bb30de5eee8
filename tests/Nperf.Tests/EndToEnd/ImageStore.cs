using System.Text.Json;
using System.Text.RegularExpressions;

namespace Nperf.Tests.EndToEnd;

/// <summary>
/// Images of one test, made by buildah without a registry: their bases are of this machine's own files. Removed with
/// everything in them.
/// </summary>
internal sealed partial class ImageStore : IDisposable
{
    /// <summary>What takes the place of an image that a registry would give: a shell and the C library.</summary>
    public const string Runtime = "localhost/runtime";

    /// <summary>The same with an SDK that makes of any sources the binary of this checkout.</summary>
    public const string Sdk = "localhost/sdk";

    private const double Seconds = 120;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nperf-images-");

    /// <summary>Makes the bases, or skips the test where buildah cannot work.</summary>
    public ImageStore(string binary)
    {
        Requirements.Root("buildah's build steps");
        Requirements.Program("buildah", "buildah");
        Requirements.Program("busybox", "busybox-static");
        try
        {
            WriteRuntime(Path.Combine(_folder.FullName, "runtime"), binary);
            WriteSdk(Path.Combine(_folder.FullName, "sdk"), binary);
            WriteFile("Bases", """
                FROM scratch AS runtime
                COPY runtime /
                RUN ["/bin/busybox", "true"]
                FROM runtime AS sdk
                COPY sdk /

                """);
            foreach (string image in new[] { Runtime, Sdk })
            {
                Build(_folder.FullName, [
                    "-f", Path.Combine(_folder.FullName, "Bases"), "--target", image["localhost/".Length..], "-t", image]);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Builds an image and returns what buildah said.</summary>
    public string Build(string context, IEnumerable<string> options)
    {
        using RunningProcess build = Start(
            ["build", "--isolation", "chroot", "--network", "host", "--pull=never", .. options, context]);
        int code = build.WaitForExit(Seconds);
        Assert.SkipWhen(
            code != 0 && NotAllowed().IsMatch(build.Errors), $"buildah may not work here: {build.Errors.Trim()}");
        Assert.True(code == 0, build.Describe());
        return build.Output;
    }

    /// <summary>An image's settings, as the OCI's image specification names them.</summary>
    public JsonElement Settings(string image)
    {
        using RunningProcess inspect = Start(["inspect", "--type", "image", image]);
        inspect.ExpectSuccess(Seconds);
        return JsonDocument.Parse(inspect.Output).RootElement.GetProperty("OCIv1").GetProperty("config");
    }

    /// <summary>Runs a command in a container of an image, as its user, and returns its output.</summary>
    public string Run(string image, params IEnumerable<string> command)
    {
        using RunningProcess from = Start(["from", "--pull=never", image]);
        from.ExpectSuccess(Seconds);
        using RunningProcess run = Start(["run", "--isolation", "chroot", from.Output.Trim(), "--", .. command]);
        run.ExpectSuccess(Seconds);
        return run.Output;
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private RunningProcess Start(IEnumerable<string> arguments) => RunningProcess.Start(
        Requirements.Find("buildah")!,
        [
            "--root", Path.Combine(_folder.FullName, "storage"), "--runroot", Path.Combine(_folder.FullName, "run"),
            "--storage-driver", "vfs", .. arguments,
        ]);

    private static void WriteRuntime(string root, string binary)
    {
        string bin = Directory.CreateDirectory(Path.Combine(root, "bin")).FullName;
        Directory.CreateDirectory(Path.Combine(root, "tmp"));
        File.Copy(Requirements.Find("busybox")!, Path.Combine(bin, "busybox"));
        foreach (string applet in new[] { "sh", "cat", "cp", "find", "grep", "id", "mkdir", "mv", "readlink", "rm", "touch", "uname" })
            File.CreateSymbolicLink(Path.Combine(bin, applet), "busybox");

        using RunningProcess ldd = RunningProcess.Start("ldd", [binary]);
        ldd.ExpectSuccess();
        foreach (Match library in LibraryPath().Matches(ldd.Output))
        {
            string copy = root + library.Value;
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(library.Value, copy);
        }
    }

    private void WriteSdk(string root, string binary)
    {
        Directory.CreateDirectory(Path.Combine(root, "usr", "bin"));
        File.Copy(binary, Path.Combine(root, "built"));
        WriteFile("sdk/usr/bin/gcc", "#!/bin/sh\n");
        WriteFile("sdk/usr/bin/flock", "#!/bin/sh\n");
        // Publishes the finished binary, where nothing but sources came along.
        WriteFile("sdk/usr/bin/dotnet", """
            #!/bin/sh
            for argument; do
                [ "${previous:-}" != -o ] || output=$argument
                previous=$argument
            done
            ! find / -xdev \( -name bin -o -name obj -o -name tests -o -name .git \) -path '/nperf/*' | grep . || exit 1
            [ -e /nperf/src/Nperf/Nperf.csproj ] && [ -e /nperf/global.json ] && [ -e /nperf/.editorconfig ] && cp /built "$output/nperf"

            """);
    }

    private void WriteFile(string name, string text)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
    }

    [GeneratedRegex(@"(?<=\s)/\S+")]
    private static partial Regex LibraryPath();

    [GeneratedRegex("operation not permitted", RegexOptions.IgnoreCase)]
    private static partial Regex NotAllowed();
}
