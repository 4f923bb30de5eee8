using System.IO.MemoryMappedFiles;

namespace Nperf.Core.Host;

/// <summary>A file of <c>/dev/shm</c> that several processes of a host map.</summary>
internal sealed unsafe class SharedSegment : IDisposable
{
    private const string Directory = "/dev/shm";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _memory;

    private SharedSegment(FileStream stream, nint bytes)
    {
        _file = MemoryMappedFile.CreateFromFile(
            stream, null, bytes, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false);
        _view = _file.CreateViewAccessor(0, bytes, MemoryMappedFileAccess.ReadWrite);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _memory);
    }

    /// <summary>The first byte, at the beginning of a page; all zeros at first.</summary>
    public byte* Memory => _memory;

    /// <summary>
    /// Creates a segment of <paramref name="bytes"/> bytes, with all its memory reserved: a full file system is an error here instead of
    /// a bus error at the first touch.
    /// </summary>
    /// <param name="name">What the others open it by.</param>
    /// <param name="bytes">How large it is.</param>
    /// <param name="purpose">What it is for, in the message: <c>for 4 ranks</c>.</param>
    /// <param name="way">How to do without, in the message: <c>use --transport tcp</c>.</param>
    /// <exception cref="RunException">There is no room, or no <c>/dev/shm</c> to write to.</exception>
    public static SharedSegment Create(string name, nint bytes, string purpose, string way)
    {
        try
        {
            return Map(
                new FileStream(PathOf(name), new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.ReadWrite,
                    Share = FileShare.ReadWrite,
#pragma warning disable CA1416 // nperf is for Linux alone.
                    UnixCreateMode = OwnerOnly,
#pragma warning restore CA1416
                    PreallocationSize = bytes,
                }),
                bytes);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            Unlink(name);
            throw new RunException(
                FailureKind.Error,
                $"cannot make {bytes / 1024.0 / 1024:0.#} MiB of shared memory {purpose} in {Directory}: "
                + $"{OneLine(cause)}; make room there (containers: --shm-size), or {way}",
                cause);
        }
    }

    /// <summary>Maps the segment that another process has created.</summary>
    /// <exception cref="RunException">It cannot be opened.</exception>
    public static SharedSegment Open(string name, nint bytes, string way)
    {
        try
        {
            return Map(new FileStream(PathOf(name), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite), bytes);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new RunException(
                FailureKind.Error,
                $"cannot open the shared memory of this run in {Directory}: {OneLine(cause)}; "
                + $"run the processes of a host as one user, or {way}",
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
    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }

    private static SharedSegment Map(FileStream stream, nint bytes)
    {
        try
        {
            return new SharedSegment(stream, bytes);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>The file that has <paramref name="name"/>.</summary>
    public static string PathOf(string name) => Path.Combine(Directory, name);

    private static string OneLine(Exception cause) => cause.Message.ReplaceLineEndings(" ").TrimEnd('.');
}
