using Nperf.Arguments;
using Nperf.Core.Options;

namespace Nperf.Tests.Arguments;

public class MpiBackendOptionsTests
{
    [Theory]
    [InlineData("--backend mpi", "--backend: 'mpi' takes ranks that MPI started: mpirun -np 2 nperf --mpi --backend mpi")]
    [InlineData("-s --backend mpi", "--backend: 'mpi' takes ranks that MPI started")]
    [InlineData("--mpi --backend mpi -g 2", "-g: with --backend mpi each process is one rank")]
    [InlineData("--mpi --backend mpi -g all", "-g: with --backend mpi each process is one rank")]
    [InlineData("--mpi --backend mpi --dtype float32,float16,bfloat16", "--dtype: MPI has no float16, bfloat16; 'all' takes what it has")]
    [InlineData("--mpi --backend mpi --redop avg", "--redop: MPI has no avg; 'all' takes what it has")]
    [InlineData("--mpi --backend mpi --transport shm", "--transport: is the host backend's; MPI chooses its own")]
    [InlineData("--mpi --backend mpi --streams 2", "--streams: is the host backend's; MPI makes its own connections")]
    [InlineData("--mpi --backend mpi --tcp-congestion bbr", "--tcp-congestion: is the host backend's; MPI makes its own connections")]
    [InlineData("--mpi --backend mpi --interface eth0", "--interface: is the host backend's; MPI chooses its own")]
    [InlineData("--mpi --backend mpi --show-transport", "--show-transport: is NCCL's, and --backend mpi has none")]
    [InlineData("--mpi --backend mpi --graph", "--graph: is NCCL's, and --backend mpi has none")]
    public void What_does_not_go_with_MPIs_own_collectives_is_refused_by_name(string line, string start) =>
        Assert.StartsWith(start, CommandLineTests.Error(line));

    [Fact]
    public void All_types_and_reductions_are_those_that_MPI_has()
    {
        ParsedCommand parsed = CommandLine.Parse("--mpi --backend mpi -g 1 --op all --dtype all --redop all".Split(' '));

        Assert.Empty(parsed.Errors);
        Assert.Equal((Backend.Mpi, Mode.Mpi), (parsed.Run.Backend, parsed.Process.Mode));
    }
}
