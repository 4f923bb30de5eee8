using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Nperf.Core.Cryptography;

/// <summary>
/// SHA-256 (FIPS 180-4), a part of the message at a time. The platform's own loads OpenSSL and ends the process where there
/// is none; nperf needs nothing but the C library. A copy goes on by itself.
/// </summary>
internal struct Sha256
{
    /// <summary>The size of a digest, bytes.</summary>
    public const int Size = 32;

    /// <summary>How many bytes are taken in at once.</summary>
    public const int BlockSize = 64;

    private const int LengthSize = sizeof(ulong);

    private State _state;
    private Block _block;
    private ulong _length;

    private static ReadOnlySpan<uint> RoundConstants =>
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ];

    /// <summary>The digest of <paramref name="message"/>.</summary>
    public static byte[] Hash(ReadOnlySpan<byte> message)
    {
        Sha256 hash = Start();
        hash.Add(message);
        byte[] digest = new byte[Size];
        hash.Finish(digest);
        return digest;
    }

    /// <summary>One that has taken nothing in yet.</summary>
    public static Sha256 Start()
    {
        Sha256 hash = default;
        ReadOnlySpan<uint> first =
        [
            0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
        ];
        first.CopyTo(hash._state);
        return hash;
    }

    /// <summary>Takes the next bytes of the message in.</summary>
    public void Add(ReadOnlySpan<byte> data)
    {
        int filled = (int)(_length % BlockSize);
        _length += (ulong)data.Length;
        if (filled > 0)
        {
            int taken = Math.Min(BlockSize - filled, data.Length);
            data[..taken].CopyTo(_block[filled..]);
            data = data[taken..];
            if (filled + taken < BlockSize) return;
            Compress(_state, _block);
        }

        for (; data.Length >= BlockSize; data = data[BlockSize..]) Compress(_state, data);
        data.CopyTo(_block);
    }

    /// <summary>Writes the digest of all that was taken in; nothing may follow.</summary>
    public void Finish(Span<byte> digest)
    {
        int filled = (int)(_length % BlockSize);
        int room = BlockSize - LengthSize;
        int padding = (filled < room ? room : room + BlockSize) - filled;
        Span<byte> end = stackalloc byte[BlockSize + LengthSize];
        end[0] = 0x80;
        BinaryPrimitives.WriteUInt64BigEndian(end[padding..], _length * 8);
        Add(end[..(padding + LengthSize)]);
        for (int i = 0; i < Size / sizeof(uint); i++) BinaryPrimitives.WriteUInt32BigEndian(digest[(4 * i)..], _state[i]);
    }

    private static void Compress(Span<uint> state, ReadOnlySpan<byte> block)
    {
        Span<uint> w = stackalloc uint[64];
        for (int t = 0; t < 16; t++) w[t] = BinaryPrimitives.ReadUInt32BigEndian(block[(4 * t)..]);
        for (int t = 16; t < 64; t++)
        {
            uint s0 = Rotate(w[t - 15], 7) ^ Rotate(w[t - 15], 18) ^ (w[t - 15] >> 3);
            uint s1 = Rotate(w[t - 2], 17) ^ Rotate(w[t - 2], 19) ^ (w[t - 2] >> 10);
            w[t] = w[t - 16] + s0 + w[t - 7] + s1;
        }

        uint a = state[0], b = state[1], c = state[2], d = state[3];
        uint e = state[4], f = state[5], g = state[6], h = state[7];
        for (int t = 0; t < 64; t++)
        {
            uint choice = (e & f) ^ (~e & g);
            uint first = h + (Rotate(e, 6) ^ Rotate(e, 11) ^ Rotate(e, 25)) + choice + RoundConstants[t] + w[t];
            uint majority = (a & b) ^ (a & c) ^ (b & c);
            uint second = (Rotate(a, 2) ^ Rotate(a, 13) ^ Rotate(a, 22)) + majority;
            (h, g, f, e, d, c, b, a) = (g, f, e, d + first, c, b, a, first + second);
        }

        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
        state[5] += f;
        state[6] += g;
        state[7] += h;
    }

    private static uint Rotate(uint value, int bits) => BitOperations.RotateRight(value, bits);

    [InlineArray(Size / sizeof(uint))]
    private struct State
    {
        private uint _first;
    }

    [InlineArray(BlockSize)]
    private struct Block
    {
        private byte _first;
    }
}
