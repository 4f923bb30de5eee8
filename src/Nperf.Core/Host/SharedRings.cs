using System.IO.MemoryMappedFiles;

namespace Nperf.Core.Host;

/// <summary>Rings among ranks of one host, in a file of <c>/dev/shm</c> that each of their processes maps.</summary>
internal sealed unsafe class SharedRings : RingBlock
{
    private const string Directory = "/dev/shm";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _memory;

    private SharedRings(FileStream stream, int[] ranks, nint capacity) : base(ranks, capacity)
    {
        long bytes = BytesFor(ranks.Length, capacity);
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
    /// at the first touch.
    /// </summary>
    /// <exception cref="RunException">There is no room, or no <c>/dev/shm</c> to write to.</exception>
    public static SharedRings Create(string name, int[] ranks, nint capacity)
    {
        long bytes = BytesFor(ranks.Length, capacity);
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
            return Map(stream, ranks, capacity);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            Unlink(name);
            throw new RunException(
                FailureKind.Error,
                $"cannot make {bytes / 1024.0 / 1024:0.#} MiB of shared memory for {ranks.Length} ranks in {Directory}: "
                + $"{OneLine(cause)}; make room there (containers: --shm-size), or use --transport tcp",
                cause);
        }
    }

    /// <summary>Maps the segment that another process has created.</summary>
    /// <exception cref="RunException">It cannot be opened.</exception>
    public static SharedRings Open(string name, int[] ranks, nint capacity)
    {
        try
        {
            return Map(new FileStream(PathOf(name), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite), ranks, capacity);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new RunException(
                FailureKind.Error,
                $"cannot open the shared memory of this run in {Directory}: {OneLine(cause)}; "
                + "run the processes of a host as one user, or use --transport tcp",
                cause);
        }
    }

    /// <summary>Takes the name away; the memory stays until the last process that maps it lets go.</summary>
    public static void Unlink(string name)
    {
        try
        {
            File.Delete(PathOf(name));
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

    private static SharedRings Map(FileStream stream, int[] ranks, nint capacity)
    {
        try
        {
            return new SharedRings(stream, ranks, capacity);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    private static string PathOf(string name) => Path.Combine(Directory, name);

    private static string OneLine(Exception cause) => cause.Message.ReplaceLineEndings(" ").TrimEnd('.');
}
