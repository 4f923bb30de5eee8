using Nperf.Core.Launchers;

namespace Nperf.Core.Tests.Launchers;

public class LauncherTests
{
    private const string Torchrun =
        "RANK=2 LOCAL_RANK=0 WORLD_SIZE=4 LOCAL_WORLD_SIZE=2 GROUP_WORLD_SIZE=2 MASTER_ADDR=node1 MASTER_PORT=29500 "
        + "TORCHELASTIC_RUN_ID=none TORCHELASTIC_USE_AGENT_STORE=True";

    private const string Srun =
        "SLURM_PROCID=1 SLURM_LOCALID=0 SLURM_NTASKS=3 SLURM_STEP_NUM_TASKS=3 SLURM_STEP_NODELIST=n[07-9] SLURM_JOB_ID=12 "
        + "SLURM_STEP_ID=3 SLURM_LAUNCH_NODE_IPADDR=10.0.0.1";

    private const string OpenMpi = "OMPI_COMM_WORLD_RANK=1 OMPI_COMM_WORLD_SIZE=2 OMPI_COMM_WORLD_LOCAL_RANK=1 PMIX_RANK=1";

    private const string Hydra = "PMI_RANK=0 PMI_SIZE=2 MPI_LOCALRANKID=0";

    private const string Kubernetes = "JOB_COMPLETION_INDEX=3 WORLD_SIZE=4 MASTER_ADDR=nperf-0.nperf";

    [Theory]
    [InlineData(Torchrun, "torchrun", 2, 4, "node1", 20000 + 2500)]
    [InlineData("RANK=0 WORLD_SIZE=2 MASTER_ADDR=10.0.0.1 MASTER_PORT=23456", "torchrun", 0, 2, "10.0.0.1", 23456)]
    [InlineData(Srun, "srun", 1, 3, "n07", 20000 + 1215)]
    [InlineData(Srun + " SLURM_STEP_NUM_NODES=1 SLURM_STEP_NODELIST=n07", "srun", 1, 3, "127.0.0.1", 20000 + 1215)]
    [InlineData(OpenMpi, "mpirun", 1, 2, null, null)]
    [InlineData(Hydra, "mpirun", 0, 2, null, null)]
    [InlineData(Hydra + " MASTER_ADDR=node1 MASTER_PORT=6000", "mpirun", 0, 2, "node1", 6000)]
    [InlineData(Kubernetes, "Kubernetes", 3, 4, "nperf-0.nperf", null)]
    [InlineData(Kubernetes + " MASTER_PORT=6000", "Kubernetes", 3, 4, "nperf-0.nperf", 6000)]
    public void Each_launcher_tells_place_server_and_port(
        string environment, string launcher, int process, int processes, string? host, int? port)
    {
        Launched launched = Find(environment)!;
        Assert.Equal(
            (launcher, process, processes, host, port),
            (launched.Launcher, launched.Process, launched.Processes, launched.ServerHost, launched.Port));
        Assert.All(launched.Variables, name => Assert.Contains(name + "=", environment, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("HOME=/root MASTER_ADDR=node1 MASTER_PORT=29500")]
    [InlineData("RANK= WORLD_SIZE=")]
    // What salloc's shell has, and what a batch script has.
    [InlineData("SLURM_JOB_ID=12 SLURM_NTASKS=4 SLURM_NPROCS=4 SLURM_JOB_NODELIST=n[1-2] SLURM_NNODES=2")]
    [InlineData("SLURM_JOB_ID=12 SLURM_NTASKS=4 SLURM_JOB_NODELIST=n[1-2] SLURM_PROCID=0 SLURM_LOCALID=0 SLURM_NODEID=0")]
    // A shell of a step with one task (srun --pty bash), within an allocation of more.
    [InlineData("SLURM_JOB_ID=12 SLURM_NTASKS=4 SLURM_PROCID=0 SLURM_STEP_ID=4294967290 SLURM_STEP_NUM_TASKS=1 SLURM_STEP_NODELIST=n1")]
    [InlineData("RANK=0 WORLD_SIZE=1 MASTER_ADDR=127.0.0.1 MASTER_PORT=29500")]
    [InlineData("OMPI_COMM_WORLD_RANK=0 OMPI_COMM_WORLD_SIZE=1 PMIX_RANK=0")]
    [InlineData("PMI_RANK=0 PMI_SIZE=1")]
    [InlineData("JOB_COMPLETION_INDEX=0 WORLD_SIZE=1 MASTER_ADDR=nperf-0.nperf")]
    public void A_process_that_was_started_alone_has_no_launcher(string environment) => Assert.Null(Find(environment));

    [Theory]
    [InlineData(Srun + " " + Torchrun, "torchrun")]
    [InlineData(OpenMpi + " " + Torchrun, "torchrun")]
    [InlineData(Kubernetes + " " + Torchrun, "torchrun")]
    [InlineData(Srun + " " + OpenMpi + " OMPI_COMM_WORLD_SIZE=6", "mpirun")]
    [InlineData(Kubernetes + " " + Srun, "srun")]
    // A batch script that starts torch programs exports these for all of them.
    [InlineData(Srun + " WORLD_SIZE=3 MASTER_ADDR=n07 MASTER_PORT=29500", "srun")]
    // srun --mpi=pmi2 and --mpi=pmix.
    [InlineData(Srun + " PMI_RANK=1 PMI_SIZE=3 PMI_JOBID=12.3", "srun")]
    [InlineData(Srun + " PMIX_RANK=1 PMIX_NAMESPACE=slurm.pmix.12.3", "srun")]
    // Hydra starts one proxy a node by srun, and that the ranks.
    [InlineData(Srun + " PMI_RANK=2 PMI_SIZE=6", "mpirun")]
    public void Of_launchers_that_start_each_other_the_innermost_counts(string environment, string launcher) =>
        Assert.Equal(launcher, Find(environment)!.Launcher);

    [Theory]
    [InlineData("RANK=1", "RANK is set, WORLD_SIZE, MASTER_ADDR and MASTER_PORT are missing")]
    [InlineData("RANK=1 WORLD_SIZE=2 MASTER_ADDR=node1", "RANK, WORLD_SIZE and MASTER_ADDR are set, MASTER_PORT is missing")]
    [InlineData("WORLD_SIZE=2", "WORLD_SIZE is set, RANK, MASTER_ADDR and MASTER_PORT are missing")]
    [InlineData("LOCAL_RANK=0", "LOCAL_RANK is set, RANK, WORLD_SIZE, MASTER_ADDR and MASTER_PORT are missing")]
    [InlineData("OMPI_COMM_WORLD_RANK=0", "OMPI_COMM_WORLD_RANK is set, OMPI_COMM_WORLD_SIZE is missing")]
    [InlineData("OMPI_COMM_WORLD_SIZE=2", "OMPI_COMM_WORLD_SIZE is set, OMPI_COMM_WORLD_RANK is missing")]
    [InlineData("PMI_RANK=0", "PMI_RANK is set, PMI_SIZE is missing")]
    [InlineData("PMIX_RANK=0", "PMIX_RANK is set, and nothing says how many")]
    [InlineData("JOB_COMPLETION_INDEX=0", "JOB_COMPLETION_INDEX is set, WORLD_SIZE and MASTER_ADDR are missing")]
    [InlineData("JOB_COMPLETION_INDEX=0 WORLD_SIZE=4", "JOB_COMPLETION_INDEX and WORLD_SIZE are set, MASTER_ADDR is missing")]
    [InlineData("SLURM_STEP_ID=0 SLURM_JOB_ID=1 SLURM_STEP_NODELIST=n1 SLURM_STEP_NUM_TASKS=2", "SLURM_PROCID is missing")]
    // Of a container that was given some of the variables: more than a batch script's task 0.
    [InlineData("SLURM_PROCID=1 SLURM_NTASKS=2", "SLURM_PROCID is set, SLURM_STEP_NUM_TASKS, SLURM_JOB_ID")]
    public void Half_an_environment_is_refused_by_what_is_set_and_what_is_missing(string environment, string message)
    {
        string refusal = Refusal(environment);
        Assert.Contains(message, refusal, StringComparison.Ordinal);
        Assert.Contains("--local", refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Torchrun + " RANK=x", "RANK: 'x' is not a whole number from 0 on")]
    [InlineData(Torchrun + " RANK=-1", "RANK: '-1'")]
    [InlineData(Torchrun + " RANK=4", "RANK is 4 and WORLD_SIZE 4; the first counts from 0 to 3")]
    [InlineData(Torchrun + " WORLD_SIZE=0", "WORLD_SIZE: '0' is not a whole number from 1 on")]
    [InlineData(Torchrun + " MASTER_PORT=65536", "MASTER_PORT: '65536' is not a whole number from 1 to 65535")]
    [InlineData(Srun + " SLURM_STEP_NODELIST=n[1-", "SLURM_STEP_NODELIST: 'n[1-' is no list of nodes")]
    [InlineData(Srun + " SLURM_JOB_ID=12_3", "SLURM_JOB_ID: '12_3'")]
    [InlineData(Hydra + " " + OpenMpi, "OMPI_COMM_WORLD_RANK and OMPI_COMM_WORLD_SIZE say process 1 of 2, PMI_RANK and PMI_SIZE process 0 of 2")]
    public void What_contradicts_itself_is_refused_by_name(string environment, string message) =>
        Assert.Contains(message, Refusal(environment), StringComparison.Ordinal);

    [Theory]
    [InlineData(Srun + " " + Torchrun + " GROUP_WORLD_SIZE=1", "srun started 3 processes, and torchrun")]
    [InlineData(OpenMpi + " RANK=0 WORLD_SIZE=1 MASTER_ADDR=127.0.0.1 MASTER_PORT=29500", "mpirun started 2 processes, and torchrun")]
    [InlineData(Srun + " OMPI_COMM_WORLD_RANK=0 OMPI_COMM_WORLD_SIZE=1", "srun started 3 processes, and mpirun")]
    public void Several_copies_of_a_launcher_would_each_have_a_run_of_their_own(string environment, string message)
    {
        string refusal = Refusal(environment);
        Assert.Contains(message, refusal, StringComparison.Ordinal);
        Assert.Contains("separate runs", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Steps_and_jobs_that_meet_on_a_node_have_different_ports()
    {
        var ports = new HashSet<int>();
        for (long job = 700_000; job < 700_080; job++)
            for (long step = 0; step < 100; step++)
                Assert.True(ports.Add(SlurmLauncher.PortOf(job, step)), $"job {job} step {step}");
        Assert.All(ports, port => Assert.InRange(port, 20000, 28999));
        Assert.InRange(SlurmLauncher.PortOf(int.MaxValue, int.MaxValue), 20000, 28999);
    }

    [Theory]
    [InlineData("node1", "node1")]
    [InlineData("node1,node2", "node1")]
    [InlineData("node[1-3,07],b2", "node1")]
    [InlineData("node[08-11]", "node08")]
    [InlineData("rack[3,5]node[12-14]-ib,x", "rack3node12-ib")]
    [InlineData("", null)]
    [InlineData(",a", null)]
    [InlineData("a[1-3", null)]
    [InlineData("a1]", null)]
    [InlineData("a[]", null)]
    [InlineData("a[x]", null)]
    [InlineData("a[1x]", null)]
    [InlineData("a b", null)]
    public void The_first_of_slurms_nodes_has_the_server(string list, string? first) =>
        Assert.Equal(first, SlurmNodeList.First(list));

    private static Launched? Find(string environment) => Launcher.Find(Environment(environment));

    private static string Refusal(string environment) =>
        Assert.Throws<LauncherException>(() => Find(environment)).Message;

    // A variable that stands twice has its last value.
    private static Dictionary<string, string> Environment(string text)
    {
        var environment = new Dictionary<string, string>();
        foreach (string[] variable in text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => word.Split('=', 2)))
            environment[variable[0]] = variable[1];
        return environment;
    }
}
