using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Nperf.BrowserTests;

[Collection(ChromiumUse.Name)]
public sealed class AccessibilityTests(Chromium chromium)
{
    private const int Desktop = 1280, Phone = 375;

    [Theory]
    [InlineData(Desktop)]
    [InlineData(Phone)]
    public async Task Axe_finds_nothing_in_light_and_in_dark(int width)
    {
        await using OpenPage open = await chromium.OpenAsync(Samples.Page(Samples.WithPairs(), Samples.Run(2)), width);
        await open.Page.EvaluateAsync("document.querySelectorAll('details').forEach(one => one.open = true)");
        foreach (ColorScheme scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await open.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
            AxeResult result = await open.Page.RunAxe();

            Assert.True(result.Violations.Length == 0, string.Join('\n', result.Violations.Select(one =>
                $"{scheme}: {one.Id}: {one.Help}: {string.Join(" | ", one.Nodes.Take(3).Select(node => node.Html))}")));
            Assert.True(result.Passes.Length > 20);
        }
    }

    [Fact]
    public async Task On_a_phone_only_tables_are_wider_than_the_screen()
    {
        await using OpenPage open = await chromium.OpenAsync(Samples.Page(Samples.WithPairs(), Samples.Run(2)), Phone);
        await open.Page.EvaluateAsync("document.querySelectorAll('details').forEach(one => one.open = true)");

        Assert.InRange(await open.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"), 1, Phone);
    }

    [Fact]
    public async Task Everything_that_a_mouse_does_has_a_place_in_the_order_of_keys()
    {
        await using OpenPage open = await chromium.OpenAsync(Samples.Page(Samples.Run(), Samples.Run(2)));
        var focused = new HashSet<string>();
        for (int i = 0; i < 60; i++)
        {
            await open.Page.Keyboard.PressAsync("Tab");
            focused.Add(await open.Page.EvaluateAsync<string>(
                "(() => { const at = document.activeElement; return at.dataset.figure ?? (at.tagName === 'BUTTON' ? at.textContent : at.tagName.toLowerCase()); })()"));
        }

        Assert.Subset(focused, new HashSet<string> { "busbw", "time", "run0", "run1", "All sizes", "select", "summary", "a" });
    }
}
