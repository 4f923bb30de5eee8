using Microsoft.Playwright;

namespace Nperf.BrowserTests;

/// <summary>The browser of all tests. Where there is none, each test skips and says so.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private const string Path = "/usr/bin/chromium";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nperf-browser-tests-");
    private IPlaywright? _playwright;
    private IBrowserContext? _first;

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Path)) return;
        _playwright = await Playwright.CreateAsync();
        _first = await _playwright.Chromium.LaunchPersistentContextAsync(System.IO.Path.Combine(_folder.FullName, "profile"), new()
        {
            ExecutablePath = Path,
            Headless = true,
            ChromiumSandbox = false,
            Args =
            [
                "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
            ],
        });
    }

    /// <summary>A page that is written to a file and opened from there, with the network off.</summary>
    internal async Task<OpenPage> OpenAsync(string html, int width = 1280, ColorScheme scheme = ColorScheme.Light, bool runsScripts = true)
    {
        Assert.SkipWhen(_first is null, $"there is no {Path} (Debian package chromium)");
        string file = System.IO.Path.Combine(_folder.FullName, $"{Guid.NewGuid():N}.html");
        await File.WriteAllTextAsync(file, html, TestContext.Current.CancellationToken);
        IBrowserContext context = await _first.Browser!.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = 900 },
            ColorScheme = scheme,
            JavaScriptEnabled = runsScripts,
            Offline = true,
        });
        return await OpenPage.LoadAsync(context, new Uri(file).AbsoluteUri, runsScripts);
    }

    public async ValueTask DisposeAsync()
    {
        if (_first is not null) await _first.CloseAsync();
        _playwright?.Dispose();
        _folder.Delete(recursive: true);
    }
}

[CollectionDefinition(Name)]
public sealed class ChromiumUse : ICollectionFixture<Chromium>
{
    public const string Name = "Chromium";
}
