using Nperf.Core;

namespace Nperf.Output;

/// <summary>Writes to another stream; what goes wrong there ends the run with one line that names it.</summary>
internal sealed class CheckedStream(Stream target, string name) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            target.Write(buffer);
        }
        catch (Exception exception) when (Reason.IsWriteError(exception))
        {
            throw new RunException(
                FailureKind.Error, $"cannot write to {name}: {Reason.Of(exception)}", exception);
        }
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) target.Dispose();
        base.Dispose(disposing);
    }
}
