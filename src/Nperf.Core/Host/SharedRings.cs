using System.ComponentModel;
using System.IO.MemoryMappedFiles;
using Nperf.Native;

namespace Nperf.Core.Host;

/// <summary>Rings among ranks of one host, in a file of <c>/dev/shm</c> that each of their processes maps.</summary>
internal sealed unsafe class SharedRings : RingBlock
{
    private const string Directory = "/dev/shm";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _memory;

    private SharedRings(FileStream stream, int[] ranks, nint capacity, bool wakes) : base(ranks, capacity)
    {
        long bytes = BytesFor(ranks.Length, capacity, wakes);
        _file = MemoryMappedFile.CreateFromFile(
            stream, null, bytes, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false);
        _view = _file.CreateViewAccessor(0, bytes, MemoryMappedFileAccess.ReadWrite);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _memory);
    }

    /// <inheritdoc/>
    public override string Transport => "shm";

    /// <inheritdoc/>
    protected override byte* Memory => _memory;

    /// <summary>
    /// Creates the segment, with all its memory reserved: a full file system is an error here instead of a bus error
    /// at the first touch. Where <paramref name="wakes"/> says so there is a FIFO beside it for each rank, to be woken by.
    /// </summary>
    /// <exception cref="RunException">There is no room, or no <c>/dev/shm</c> to write to.</exception>
    public static SharedRings Create(string name, int[] ranks, nint capacity, bool wakes = false)
    {
        long bytes = BytesFor(ranks.Length, capacity, wakes);
        string path = PathOf(name);
        try
        {
            var stream = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                Share = FileShare.ReadWrite,
#pragma warning disable CA1416 // nperf is for Linux alone.
                UnixCreateMode = OwnerOnly,
#pragma warning restore CA1416
                PreallocationSize = bytes,
            });
            foreach (string fifo in Fifos(name, ranks, wakes)) LibC.MakeFifo(fifo);
            return Map(stream, name, ranks, capacity, wakes);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or Win32Exception)
        {
            Unlink(name, ranks);
            throw new RunException(
                FailureKind.Error,
                $"cannot make {bytes / 1024.0 / 1024:0.#} MiB of shared memory for {ranks.Length} ranks in {Directory}: "
                + $"{OneLine(cause)}; make room there (containers: --shm-size), or use --transport tcp",
                cause);
        }
    }

    /// <summary>Maps the segment that another process has created.</summary>
    /// <exception cref="RunException">It cannot be opened.</exception>
    public static SharedRings Open(string name, int[] ranks, nint capacity, bool wakes = false)
    {
        try
        {
            var stream = new FileStream(PathOf(name), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            return Map(stream, name, ranks, capacity, wakes);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or Win32Exception)
        {
            throw new RunException(
                FailureKind.Error,
                $"cannot open the shared memory of this run in {Directory}: {OneLine(cause)}; "
                + "run the processes of a host as one user, or use --transport tcp",
                cause);
        }
    }

    /// <summary>Takes the names away; the memory stays until the last process that maps it lets go.</summary>
    public static void Unlink(string name, int[] ranks)
    {
        try
        {
            File.Delete(PathOf(name));
            foreach (string fifo in Fifos(name, ranks, wakes: true)) File.Delete(fifo);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // There is no such file system, so there is no such file.
        }
    }

    /// <inheritdoc/>
    public override void Free()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }

    private static SharedRings Map(FileStream stream, string name, int[] ranks, nint capacity, bool wakes)
    {
        SharedRings rings;
        try
        {
            rings = new SharedRings(stream, ranks, capacity, wakes);
        }
        catch
        {
            stream.Dispose();
            throw;
        }

        // Open both ways: it is never at its end, and nobody has to be there first.
        if (wakes) rings.AddBells(Fifos(name, ranks, wakes).Select(LibC.OpenFifo));
        return rings;
    }

    /// <summary>One for each rank, by their order in the segment.</summary>
    private static IEnumerable<string> Fifos(string name, int[] ranks, bool wakes) =>
        wakes ? ranks.Select((_, index) => PathOf($"{name}.{index}")) : [];

    private static string PathOf(string name) => Path.Combine(Directory, name);

    private static string OneLine(Exception cause) => cause.Message.ReplaceLineEndings(" ").TrimEnd('.');
}
