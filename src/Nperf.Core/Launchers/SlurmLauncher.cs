namespace Nperf.Core.Launchers;

/// <summary>srun: a task of a job step. Its variables: srun(1), OUTPUT ENVIRONMENT VARIABLES.</summary>
internal static class SlurmLauncher
{
    private const string Task = "SLURM_PROCID";
    private const string Tasks = "SLURM_STEP_NUM_TASKS";
    private const string Nodes = "SLURM_STEP_NUM_NODES";
    private const string NodeList = "SLURM_STEP_NODELIST";
    private const string Job = "SLURM_JOB_ID";
    private const string Step = "SLURM_STEP_ID";
    private const string Name = "srun";

    /// <summary>Keeps steps of jobs with neighbouring numbers apart.</summary>
    private const int StepsOfJob = 101;

    /// <summary>
    /// A shell of salloc has none of the step's variables, and a batch script is task 0 of none: SLURM_NTASKS, which both
    /// have, says only what was allocated.
    /// </summary>
    public static Launched? Read(Variables variables)
    {
        bool isTaskOfStep = variables[Step] is not null || (variables[Task] is not null && variables.Number(Task) > 0);
        if (!isTaskOfStep) return null;
        variables.RequireAll(Name, Task, Tasks, Job, Step, NodeList);
        (int task, int tasks) = variables.Place(Task, Tasks);
        return new Launched
        {
            Launcher = Name,
            Process = task,
            Processes = tasks,
            ServerHost = ServerOf(variables),
            Port = PortOf(variables.Number(Job), variables.Number(Step)),
            Variables = [Task, Tasks, NodeList, Job, Step],
            IsOneCopy = tasks == 1,
        };
    }

    /// <summary>The port of a step. Steps that run at one time have different ones, jobs as long as 9000 numbers lie between.</summary>
    internal static int PortOf(long job, long step) => DerivedPort.From((job * StepsOfJob) + step);

    /// <summary>Whatever the distribution, task 0 is on the step's first node. On a single one no name has to be known.</summary>
    private static string ServerOf(Variables variables)
    {
        if (variables[Nodes] == "1") return "127.0.0.1";
        string list = variables[NodeList]!;
        return SlurmNodeList.First(list)
            ?? throw new LauncherException($"{NodeList}: '{list}' is no list of nodes: {LauncherException.WayOut}");
    }
}
