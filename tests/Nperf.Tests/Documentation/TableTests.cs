namespace Nperf.Tests.Documentation;

/// <summary>The tables of the pages.</summary>
public sealed class TableTests
{
    public static TheoryData<string> AllPages => [.. Pages.All];

    [Theory]
    [MemberData(nameof(AllPages))]
    public void What_a_row_is_about_no_other_row_of_its_table_is(string page)
    {
        List<string> twice = [];
        HashSet<string> names = [];
        foreach (string line in File.ReadLines(Pages.PathOf(page)))
        {
            if (!line.StartsWith('|'))
                names.Clear();
            else if (line.StartsWith("| `", StringComparison.Ordinal) && line.Split(" | ")[0] is var name && !names.Add(name))
                twice.Add(name);
        }

        Assert.Empty(twice);
    }
}
