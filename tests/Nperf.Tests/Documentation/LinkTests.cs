using System.Text.RegularExpressions;

namespace Nperf.Tests.Documentation;

/// <summary>The links between the pages, and from them into the repository.</summary>
public sealed partial class LinkTests
{
    public static TheoryData<string> AllPages => [.. Pages.All];

    [Theory]
    [MemberData(nameof(AllPages))]
    public void Every_link_leads_somewhere(string page)
    {
        string folder = Path.GetDirectoryName(Pages.PathOf(page))!;
        foreach (Match link in Link().Matches(File.ReadAllText(Pages.PathOf(page))))
        {
            string file = link.Groups["file"].Value, heading = link.Groups["heading"].Value;
            string target = file.Length == 0 ? Pages.PathOf(page) : Path.GetFullPath(Path.Combine(folder, file));
            Assert.True(Path.Exists(target), $"{page}: {link.Value}: there is no {file}");
            if (heading.Length > 0)
                Assert.True(Anchors(target).Contains(heading), $"{page}: {link.Value}: {file} has no such heading");
        }
    }

    [Fact]
    public void Every_page_is_reached_from_the_first_one()
    {
        HashSet<string> reached = [];
        Reach("README.md");
        Assert.Empty(Pages.All.Except(reached));

        void Reach(string page)
        {
            if (!reached.Add(page)) return;
            string folder = Path.GetDirectoryName(page)!;
            foreach (Match link in Link().Matches(File.ReadAllText(Pages.PathOf(page))))
            {
                string target = Path.GetRelativePath(".", Path.Combine(folder, link.Groups["file"].Value));
                if (Pages.All.Contains(target)) Reach(target);
            }
        }
    }

    /// <summary>The names that a page's headings have in links.</summary>
    private static HashSet<string> Anchors(string file) =>
    [
        .. Heading().Matches(File.ReadAllText(file))
            .Select(match => NotInAnchors().Replace(match.Groups[1].Value.ToLowerInvariant(), "").Replace(' ', '-')),
    ];

    [GeneratedRegex(@"\]\((?![a-z]+://)(?<file>[^)#\s]*)(?:#(?<heading>[^)\s]+))?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"(?m)^#{1,6} +(.+?)\s*$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors();
}
