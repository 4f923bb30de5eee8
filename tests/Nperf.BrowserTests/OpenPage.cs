using Microsoft.Playwright;

namespace Nperf.BrowserTests;

/// <summary>A page in the browser, with what went wrong in it and what it asked the network for.</summary>
internal sealed class OpenPage : IAsyncDisposable
{
    private readonly IBrowserContext _context;

    private OpenPage(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") Complaints.Add($"{message.Type}: {message.Text}");
        };
        page.PageError += (_, error) => Complaints.Add(error);
        page.Request += (_, request) => Requests.Add(request.Url);
    }

    public IPage Page { get; }

    /// <summary>Errors and warnings of the console, and exceptions.</summary>
    public List<string> Complaints { get; } = [];

    public List<string> Requests { get; } = [];

    public static async Task<OpenPage> LoadAsync(IBrowserContext context, string address, bool waitsForScript)
    {
        var open = new OpenPage(context, await context.NewPageAsync());
        open.Page.SetDefaultTimeout(30_000);
        await open.Page.GotoAsync(address);
        if (waitsForScript) await open.Page.Locator("html[data-charts=live]").WaitForAsync();
        return open;
    }

    /// <summary>What <paramref name="script"/> makes of the chart <paramref name="figure"/> of group <paramref name="group"/>, which it calls chart.</summary>
    public Task<T> OfChartAsync<T>(string figure, string script, int group = 0) => Page.EvaluateAsync<T>(
        $"(() => {{ const chart = echarts.getInstanceByDom(document.querySelector('.chart[data-group=\"{group}\"][data-figure={figure}] .live')); return {script}; }})()");

    public async ValueTask DisposeAsync() => await _context.CloseAsync();
}
