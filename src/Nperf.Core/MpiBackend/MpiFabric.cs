using Nperf.Core.MpiMode;
using Nperf.Core.NcclBackend;
using Nperf.Core.Rendezvous;
using Nperf.Native;

namespace Nperf.Core.MpiBackend;

/// <summary>Connects the ranks of a run through MPI: an MPI_Comm for each group.</summary>
internal static class MpiFabric
{
    private const string Step = "connecting the ranks";

    /// <summary>The communicator of this process's rank, of its group. Collective over processes.</summary>
    /// <param name="control">The processes.</param>
    /// <param name="session">The MPI job that they are, or null where they are none.</param>
    /// <exception cref="RunException">
    /// The processes are not those of a job, one has several ranks, MPI lets only one thread call it at a time or reports an
    /// error, not all came in time, or the run was given up.
    /// </exception>
    public static MpiCommunicator Connect(Control control, MpiSession? session)
    {
        ProcessInfo self = control.Self;
        if (session is null)
            throw Failed(self, FailureKind.Error, "--backend mpi takes ranks that MPI started: mpirun -np 2 nperf --mpi --backend mpi");
        if (self.RankCount != 1)
            throw Failed(self, FailureKind.Error, $"--backend mpi takes one rank a process, and this one has {self.RankCount} (-g)");
        if (!session.TakesThreads)
        {
            // A rank that waits within MPI could neither hear that the run is given up nor say so.
            throw Failed(
                self, FailureKind.Error,
                $"--backend mpi needs MPI_THREAD_MULTIPLE, which {session.Facts.Library} does not give; --backend host does without");
        }

        double seconds = control.Options.TimeoutSeconds;
        try
        {
            return NativeCall.Within(
                () => Join(control, session), seconds, control.AbortSignal, () => Failed(
                    self, FailureKind.Timeout, $"MPI did not connect all ranks within {seconds:0.###} s"));
        }
        catch (LibraryException cause)
        {
            throw Failed(self, FailureKind.Error, cause.Message, cause);
        }
    }

    private static MpiCommunicator Join(Control control, MpiSession session)
    {
        Mpi mpi = session.Mpi;
        Groups groups = Groups.Of(control.World.Size, control.Options.Split);
        int rank = control.Self.FirstRank;
        nuint group = mpi.Split(mpi.Handles[MpiHandle.CommWorld], groups.GroupOf(rank), groups.RankOf(rank));
        mpi.ReturnErrors(group);
        return new MpiCommunicator(new MpiTarget(mpi, group, mpi.Rank(group), mpi.Size(group)), rank, control);
    }

    private static RunException Failed(ProcessInfo self, FailureKind kind, string message, Exception? cause = null) => new(
        new Failure(kind, $"rank {self.FirstRank} ({self.Host}): {message}")
        {
            Rank = self.FirstRank,
            Host = self.Host,
            Step = Step,
        },
        cause);
}
