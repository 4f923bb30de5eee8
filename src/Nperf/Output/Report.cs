using System.Text;
using Nperf.Arguments;
using Nperf.Core;
using Nperf.Core.MpiMode;
using Nperf.Core.Options;
using Nperf.Core.Results;
using Nperf.Native;

namespace Nperf.Output;

/// <summary>All that a run says, in the form and at the place that the command line asks for.</summary>
internal sealed class Report : IDisposable
{
    private readonly ConsoleOptions _options;
    private readonly OutputFile? _file;
    private readonly StreamWriter _error;
    private readonly StreamWriter? _lines;
    private readonly ProgressLine _progress;
    private readonly TableWriter _writer;
    private readonly JsonStream? _stream;
    private readonly RunObserver _observer;

    /// <summary>
    /// Opens what is to be written to. Throws <see cref="RunException"/> where it can be said already that this will
    /// not work. <paramref name="progress"/> is drawn while the run goes on; with MPI, <paramref name="mpi"/> is said.
    /// </summary>
    public Report(ConsoleOptions options, ProcessOptions process, RunProgress progress, MpiFacts? mpi = null)
    {
        _options = options;
        if (options.Output is not null) OutputFile.Check(options.Output);
        _error = Text(StandardStreams.Error());
        bool isSilent = process.LeavesOutputToServer;
        bool isWrittenAsItGoes = options.Format is OutputFormat.Table or OutputFormat.JsonStream;
        if (isWrittenAsItGoes && options.Output is not null) _file = OutputFile.Create(options.Output);
        _lines = isWrittenAsItGoes && !isSilent ? Text(_file?.Stream ?? StandardStreams.Output()) : null;
        StreamWriter? table = options.Format == OutputFormat.Table ? _lines : null;

        bool live = !Console.IsErrorRedirected
            && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");
        TimeSpan interval = isSilent ? TimeSpan.Zero : TimeSpan.FromSeconds(options.IntervalSeconds);
        _progress = new ProgressLine(_error, progress, interval, live, () => TerminalWidth(2))
        {
            Colours = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")),
            Unseen = _file is null ? null : _lines,
        };
        bool tableIsOnTerminal = table is not null && _file is null && !Console.IsOutputRedirected;
        TextWriter status = isSilent && !options.Verbose ? TextWriter.Null
            : table is null || _file is not null ? _error
            : table;
        int width = tableIsOnTerminal ? TerminalWidth(1) : TableLayout.FullWidth;
        _writer = new TableWriter(process, status, table, width, options.Verbose, _progress, options.ShowsTransport, mpi);
        if (options.Format == OutputFormat.JsonStream && _lines is not null)
            _stream = new JsonStream(_lines, process, progress, TimeSpan.FromSeconds(options.IntervalSeconds), mpi);
        _observer = isSilent && !options.Verbose ? new MemberLines(_error)
            : _stream is not null ? new ObserverPair(_writer, _stream)
            : _writer;
        if (process is { Found: { } found, LeavesOutputToServer: false }) status.WriteLine(found);
    }

    /// <summary>
    /// To be told of the run. Its calls throw <see cref="RunException"/> when a line could not be written (a full disk,
    /// a closed pipe): that ends the run.
    /// </summary>
    public RunObserver Observer => _observer;

    /// <summary>
    /// Ends the output: the summary, or <paramref name="document"/> in the form that was asked for. Throws
    /// <see cref="RunException"/> when it could not be written whole.
    /// </summary>
    public void Finish(ResultsDocument document, Failure? failure)
    {
        _progress.Dispose();
        _writer.Finish(failure, document.Expectations ?? [], document);
        _stream?.End(document);
        if (_options.Format is not (OutputFormat.Table or OutputFormat.JsonStream))
            DocumentWriter.Write(document, _options.Output, _options.Format);
        _file?.Commit();
    }

    /// <summary>Prints <paramref name="failure"/> on standard error; where that cannot be written, nothing.</summary>
    public void Fail(Failure failure, Exception? exception = null)
    {
        _progress.Dispose();
        try
        {
            ErrorLine.Write(_error, failure, exception, _options.Debug);
        }
        catch (RunException)
        {
            // Nobody is left to tell; the exit code still says it.
        }
    }

    /// <summary>Prints <paramref name="lines"/> on standard error; where that cannot be written, nothing.</summary>
    public void Say(IEnumerable<string> lines)
    {
        _progress.Dispose();
        try
        {
            foreach (string line in lines) _error.WriteLine(line);
        }
        catch (RunException)
        {
            // As with a failure: the exit code still says it.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _progress.Dispose();
        _stream?.Dispose();
        Close(_lines);
        Close(_error);
        _file?.Dispose();
    }

    private static void Close(StreamWriter? writer)
    {
        try
        {
            writer?.Dispose();
        }
        catch (RunException)
        {
            // A writer tries once more to write what failed, which was reported then.
        }
    }

    private static StreamWriter Text(Stream stream) =>
        new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true, NewLine = "\n" };

    /// <summary>Of a process that another one speaks for: says only what that one cannot know.</summary>
    private sealed class MemberLines(TextWriter error) : RunObserver
    {
        public override void MemberSaid(int rank, string line) => error.WriteLine($"rank {rank}: {line}");
    }

    // 0 where there is no terminal or it does not say.
    private static int TerminalWidth(int descriptor) =>
        Terminal.Width(descriptor) is > 0 and int width ? width : TableLayout.FullWidth;
}
