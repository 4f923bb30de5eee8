using Nperf.Core.MpiMode;
using Nperf.Native;

namespace Nperf.Core.Tests.MpiMode;

public class MpiLauncherTests
{
    [Theory]
    [InlineData("OMPI_COMM_WORLD_RANK=1 OMPI_COMM_WORLD_SIZE=4 PMIX_RANK=1", "OpenMpi", "mpirun", 1, 4)]
    [InlineData("PMI_RANK=3 PMI_SIZE=4", "Mpich", "mpirun", 3, 4)]
    [InlineData(
        "PMIX_RANK=2 SLURM_PROCID=2 SLURM_STEP_NUM_TASKS=4 SLURM_STEP_ID=0 SLURM_JOB_ID=7 SLURM_STEP_NODELIST=node[1-4]",
        "OpenMpi", "srun", 2, 4)]
    public void It_tells_the_library_and_the_place_among_the_processes(
        string variables, string flavor, string name, int process, int processes)
    {
        MpiLauncher launcher = Of(variables);
        Assert.Equal((Enum.Parse<MpiFlavor>(flavor), name), (launcher.Flavor, launcher.Name));
        Assert.Equal((process, processes), (launcher.Launched!.Process, launcher.Launched.Processes));
    }

    [Fact]
    public void A_launcher_that_started_one_process_is_one_all_the_same()
    {
        MpiLauncher launcher = Of("OMPI_COMM_WORLD_RANK=0 OMPI_COMM_WORLD_SIZE=1");
        Assert.Equal((MpiFlavor.OpenMpi, "mpirun", null), (launcher.Flavor, launcher.Name, launcher.Launched));
    }

    [Theory]
    [InlineData("HOME=/root")]
    [InlineData("PMI_RANK=")]
    public void Without_variables_there_is_none(string variables) =>
        Assert.Equal((null, null), (Of(variables).Flavor, Of(variables).Name));

    /// <summary>MPI may know better than nperf what they mean.</summary>
    [Fact]
    public void Variables_that_make_no_sense_are_left_to_the_library() => Assert.Null(Of("PMI_RANK=7 PMI_SIZE=2").Launched);

    private static MpiLauncher Of(string variables) => MpiLauncher.Of(
        variables.Split(' ').Select(variable => variable.Split('=', 2)).ToDictionary(parts => parts[0], parts => parts[1]));
}
