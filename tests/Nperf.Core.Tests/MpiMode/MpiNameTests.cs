using Nperf.Core.MpiMode;

namespace Nperf.Core.Tests.MpiMode;

public class MpiNameTests
{
    [Theory]
    [InlineData("Open MPI v4.1.4, package: Debian OpenMPI, ident: 4.1.4, repo rev: v4.1.4, May 26, 2022", "Open MPI 4.1.4")]
    [InlineData("Open MPI v5.0.8, package: Open MPI", "Open MPI 5.0.8")]
    [InlineData("MPICH Version:      4.0.2\nMPICH Release date: Thu Apr  7\nMPICH ABI: 14:2:2\n", "MPICH 4.0.2")]
    [InlineData("MVAPICH2 Version      :\t2.3.7\nMVAPICH2 Release date : Wed", "MVAPICH2 2.3.7")]
    [InlineData("MPI VERSION    : CRAY MPICH version 8.1.29.44 (ANL base 3.4a2)\nMPI BUILD INFO : x", "CRAY MPICH 8.1.29.44")]
    [InlineData("Intel(R) MPI Library 2021.11 for Linux* OS\n", "Intel(R) MPI Library 2021.11 for Linux* OS")]
    [InlineData("", "")]
    public void The_name_and_the_version_are_taken_from_what_the_library_says(string text, string name) =>
        Assert.Equal(name, MpiName.Of(text));

    [Fact]
    public void A_long_text_of_another_form_is_cut() => Assert.Equal(64, MpiName.Of(new string('x', 500)).Length);
}
