using System.Runtime.InteropServices;

namespace Nperf.Native;

/// <summary>
/// A shared library that may be missing, by the system's loader (dlopen(3)). It stays loaded to the end of the process:
/// CUDA, NCCL and MPI cannot be unloaded safely.
/// </summary>
internal sealed unsafe partial class DynamicLibrary
{
    private const int ResolveNow = 2;
    private const int ForAll = 0x100;
    private const int RequestLinkMap = 2;

    private readonly nint _handle;

    private DynamicLibrary(nint handle, string path)
    {
        _handle = handle;
        Path = path;
    }

    /// <summary>The file that was loaded, links followed.</summary>
    public string Path { get; }

    /// <summary>
    /// Loads <paramref name="name"/>: a path where it has a slash, else a name for the loader to find.
    /// </summary>
    /// <exception cref="LibraryException">It cannot be loaded; the message is the loader's.</exception>
    public static DynamicLibrary Open(string name)
    {
        // The first call of an import goes through the loader itself, which would replace the text wanted below.
        DlError();
        nint handle = DlOpen(name, ResolveNow);
        if (handle == 0) throw new LibraryException(LoaderError(name));
        return new DynamicLibrary(handle, PathOf(handle, name));
    }

    /// <summary>Lets what is loaded from now on use this library's symbols without naming it (RTLD_GLOBAL).</summary>
    /// <exception cref="LibraryException">The loader refuses.</exception>
    public void ShareSymbols()
    {
        if (DlOpen(Path, ResolveNow | ForAll) == 0) throw new LibraryException(LoaderError(Path));
    }

    /// <summary>What the user wants loaded, by the environment's <paramref name="variable"/>; null where it is not set.</summary>
    public static string? NameFrom(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } name ? name : null;

    /// <summary>The address of <paramref name="name"/>.</summary>
    /// <exception cref="LibraryException">The library does not have it.</exception>
    public nint Symbol(string name)
    {
        nint address = OptionalSymbol(name);
        return address != 0 ? address : throw new LibraryException($"there is no symbol {name} in it");
    }

    /// <summary>The address of <paramref name="name"/>, or 0 where the library does not have it.</summary>
    public nint OptionalSymbol(string name) => DlSym(_handle, name);

    /// <summary>The text that <paramref name="text"/> points at, or null.</summary>
    internal static string? Text(byte* text) => Marshal.PtrToStringUTF8((nint)text);

    /// <summary>The text that a library wrote into <paramref name="buffer"/>, up to its zero.</summary>
    internal static string Text(ReadOnlySpan<byte> buffer)
    {
        int length = buffer.IndexOf((byte)0);
        return System.Text.Encoding.UTF8.GetString(length < 0 ? buffer : buffer[..length]);
    }

    private static string LoaderError(string name)
    {
        string text = Text(DlError()) ?? "the loader gives no reason";
        return text.StartsWith(name + ": ", StringComparison.Ordinal) ? text[(name.Length + 2)..] : text;
    }

    private static string PathOf(nint handle, string name)
    {
        LinkMap* map;
        if (DlInfo(handle, RequestLinkMap, &map) != 0 || Text(map->Name) is not { Length: > 0 } path) return name;
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return path;
        }
    }

    [LibraryImport("libc", EntryPoint = "dlopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint DlOpen(string name, int flags);

    [LibraryImport("libc", EntryPoint = "dlsym", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint DlSym(nint handle, string name);

    [LibraryImport("libc", EntryPoint = "dlinfo")]
    private static partial int DlInfo(nint handle, int request, LinkMap** map);

    [LibraryImport("libc", EntryPoint = "dlerror")]
    private static partial byte* DlError();

    /// <summary>The beginning of <c>struct link_map</c> (link.h).</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct LinkMap
    {
        public nint Address;
        public byte* Name;
    }
}
