namespace Nperf.Native;

// Modules: code for the GPU, and launching it.
internal sealed unsafe partial class Cuda
{
    /// <summary>CU_JIT_ERROR_LOG_BUFFER.</summary>
    internal const int JitErrorLogBuffer = 5;

    /// <summary>CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES.</summary>
    internal const int JitErrorLogBufferSizeBytes = 6;

    private const int JitLogBytes = 8192;

    private delegate* unmanaged<nint*, byte*, uint, int*, void**, int> _moduleLoadDataEx;
    private delegate* unmanaged<nint, int> _moduleUnload;
    private delegate* unmanaged<nint*, nint, byte*, int> _moduleGetFunction;
    private delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, int> _launchKernel;

    /// <summary>Loads <paramref name="image"/>, PTX that ends with a zero, compiled for the current GPU.</summary>
    /// <exception cref="LibraryException">It failed; the message has the first line of the compiler's log.</exception>
    public nint LoadModule(ReadOnlySpan<byte> image)
    {
        if (image.IsEmpty || image[^1] != 0) throw new ArgumentException("does not end with a zero", nameof(image));
        byte[] log = new byte[JitLogBytes];
        int* options = stackalloc int[] { JitErrorLogBuffer, JitErrorLogBufferSizeBytes };
        nint module;
        int status;
        fixed (byte* code = image, logStart = log)
        {
            // A number is passed in the place of a pointer.
            void** values = stackalloc void*[] { logStart, (void*)JitLogBytes };
            status = _moduleLoadDataEx(&module, code, 2, options, values);
        }

        if (status == 0) return module;
        string line = DynamicLibrary.Text(log).Trim().Split('\n')[0].Trim();
        string reason = line.Length == 0 ? ErrorText(status) : $"{ErrorText(status)}: {line}";
        throw new LibraryException($"cuModuleLoadDataEx failed: {reason}");
    }

    /// <summary>Ends a module and its functions.</summary>
    public void UnloadModule(nint module) => Check(_moduleUnload(module), "cuModuleUnload");

    /// <summary>The function <paramref name="name"/> of <paramref name="module"/>, to be launched.</summary>
    /// <exception cref="LibraryException">There is none; the message names it.</exception>
    public nint Function(nint module, string name)
    {
        nint function;
        int status;
        fixed (byte* text = System.Text.Encoding.UTF8.GetBytes(name + '\0'))
            status = _moduleGetFunction(&function, module, text);
        if (status != 0) Fail(status, $"cuModuleGetFunction of {name}");
        return function;
    }

    /// <summary>
    /// Enqueues <paramref name="function"/> over one dimension; <paramref name="parameters"/> has the address of each.
    /// </summary>
    public void Launch(nint function, uint blocks, uint threads, nint stream, void** parameters) =>
        Check(_launchKernel(function, blocks, 1, 1, threads, 1, 1, 0, stream, parameters, null), "cuLaunchKernel");

    private void RequireModules()
    {
        _moduleLoadDataEx =
            (delegate* unmanaged<nint*, byte*, uint, int*, void**, int>)_library.Symbol("cuModuleLoadDataEx");
        _moduleUnload = (delegate* unmanaged<nint, int>)_library.Symbol("cuModuleUnload");
        _moduleGetFunction = (delegate* unmanaged<nint*, nint, byte*, int>)_library.Symbol("cuModuleGetFunction");
        _launchKernel = (delegate* unmanaged<
            nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, int>)_library.Symbol("cuLaunchKernel");
    }
}
