using System.Buffers.Binary;

namespace Nperf.Core.Rendezvous;

/// <summary>The payload of Values: the reduction as one byte, then binary64 values, little-endian.</summary>
internal static class ValuesPayload
{
    public static Message Encode(ReadOnlySpan<double> values, ControlReduction reduction)
    {
        byte[] payload = new byte[1 + (values.Length * sizeof(double))];
        payload[0] = (byte)reduction;
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(payload.AsSpan(1 + (i * sizeof(double))), values[i]);
        }

        return new Message(MessageType.Values, payload);
    }

    /// <summary>The values, when they are as many and to be reduced as expected.</summary>
    /// <exception cref="ProtocolException">They are not.</exception>
    public static double[] Decode(Message message, int count, ControlReduction reduction)
    {
        ReadOnlySpan<byte> payload = message.Payload.Span;
        if (payload.Length % sizeof(double) != 1) throw new ProtocolException($"sent Values of {payload.Length} bytes");
        int sent = payload.Length / sizeof(double);
        if (sent != count || payload[0] != (byte)reduction)
        {
            throw new ProtocolException(
                $"sent {sent} values to reduce by {(ControlReduction)payload[0]} where {count} by {reduction} were expected");
        }

        double[] values = new double[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = BinaryPrimitives.ReadDoubleLittleEndian(payload[(1 + (i * sizeof(double)))..]);
        }

        return values;
    }

    /// <summary>Combines <paramref name="more"/> into <paramref name="total"/>.</summary>
    public static void Combine(Span<double> total, ReadOnlySpan<double> more, ControlReduction reduction)
    {
        for (int i = 0; i < total.Length; i++)
        {
            total[i] = reduction switch
            {
                ControlReduction.Sum => total[i] + more[i],
                ControlReduction.Min => Math.Min(total[i], more[i]),
                ControlReduction.Max => Math.Max(total[i], more[i]),
                _ => throw new ArgumentOutOfRangeException(nameof(reduction)),
            };
        }
    }
}
