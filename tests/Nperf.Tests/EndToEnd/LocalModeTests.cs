using System.Text.Json;

namespace Nperf.Tests.EndToEnd;

[Collection(NperfBinaryUse.Name)]
public sealed class LocalModeTests
{
    [Fact]
    public void Two_ranks_run_where_nothing_is_said()
    {
        JsonElement document = ResultsDocuments.Parse(NperfBinary.Run("-J"));
        document.AssertCorrect();
        Assert.Equal(2, document.Ranks());
        Assert.Equal([1024], document.Sizes());
        Assert.Equal("local", document.GetProperty("config").GetProperty("mode").GetString());
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("memory")]
    [InlineData("shm")]
    [InlineData("tcp")]
    public void Three_ranks_agree_over_each_transport(string transport)
    {
        JsonElement document = ResultsDocuments.Parse(
            NperfBinary.Run($"-n 3 --transport {transport} --op allreduce,alltoall -b 4 -B 256K -S 16 -J"));
        document.AssertCorrect();
        Assert.Equal(3, document.Ranks());
        Assert.NotEmpty(document.Sizes());
    }

    [Fact]
    public void Registered_buffers_are_right_between_processes_and_leave_nothing()
    {
        JsonElement document = ResultsDocuments.Parse(NperfBinary.Run(
            "--backend host -n 3 --ranks-in processes --register symmetric --in-place both -b 4 -B 256K -S 16 -i 3 -J "
            + "--op allreduce,allgather,broadcast,reduce,reducescatter,alltoall,alltoallv,gather,scatter,sendrecv"));
        document.AssertCorrect();
        Assert.Equal("symmetric", document.GetProperty("config").GetProperty("register").GetString());
        Assert.Contains(
            "single-copy",
            document.GetProperty("results").EnumerateArray().Select(one => one.GetProperty("algorithm").GetString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("--ranks-in processes --op broadcast")]
    public void A_precision_that_anything_has_is_reached_and_one_that_nothing_has_ends_with_the_time(string how)
    {
        (double reached, double wanted) = Precision($"-n 2 --backend host --precision 99% -b 64K -J {how}");
        Assert.Equal(0.99, wanted);
        Assert.InRange(reached, 0, wanted);

        (reached, wanted) = Precision($"-n 2 --backend host --precision 0.000001% -t 0.5 -b 64K -J {how}");
        Assert.True(reached > wanted);

        static (double Reached, double Wanted) Precision(string commandLine)
        {
            JsonElement document = ResultsDocuments.Parse(NperfBinary.Run(commandLine));
            document.AssertCorrect();
            JsonElement precision = document.GetProperty("results")[0].GetProperty("precision");
            Assert.InRange(precision.GetProperty("batches").GetInt32(), 2, 1000);
            return (precision.GetProperty("reached").GetDouble(), precision.GetProperty("wanted").GetDouble());
        }
    }

    [Fact]
    public void The_readmes_command_prints_a_row_for_each_size()
    {
        string table = NperfBinary.Run("--op allreduce -b 1K -B 16M");
        int rows = table.Split('\n').Count(line => System.Text.RegularExpressions.Regex.IsMatch(line, @"^\s*\d"));
        Assert.True(rows >= 15, table);
    }
}
