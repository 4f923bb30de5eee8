using System.Text;

namespace Nperf.Fuzz;

/// <summary>Random numbers that a seed decides (SplitMix64): the same on every machine.</summary>
internal sealed class Prng(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A seed for a part of something larger.</summary>
    public static ulong Derive(ulong seed, string name, int part)
    {
        ulong hash = seed ^ ((ulong)(uint)part * 0x9e3779b97f4a7c15);
        foreach (char character in name) hash = (hash ^ character) * 1099511628211;
        return new Prng(hash).Next();
    }

    public ulong Next()
    {
        ulong z = _state += 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }

    /// <summary>From 0 to less than <paramref name="limit"/>.</summary>
    public int Below(int limit) => (int)(((Next() >> 32) * (ulong)limit) >> 32);

    /// <summary>Both ends included.</summary>
    public int From(int least, int most) => least + Below(most - least + 1);

    /// <summary>True once in so many times.</summary>
    public bool OneIn(int times) => Below(times) == 0;

    public T Pick<T>(IReadOnlyList<T> among) => among[Below(among.Count)];

    /// <summary>A number whose length in bits is as random as its value; now and then one at an end of the range.</summary>
    public long Number()
    {
        if (OneIn(16)) return Pick<long>([0, 1, -1, int.MaxValue, int.MinValue, uint.MaxValue, long.MaxValue, long.MinValue]);
        return (long)(Next() >> Below(64));
    }

    public byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) bytes[i] = (byte)Next();
        return bytes;
    }

    /// <summary>A word of lower-case letters and digits.</summary>
    public string Word(int longest = 12)
    {
        int length = From(1, longest);
        return string.Create(length, this, static (span, random) =>
        {
            for (int i = 0; i < span.Length; i++) span[i] = "abcdefghijklmnopqrstuvwxyz0123456789"[random.Below(36)];
        });
    }

    /// <summary>Up to <paramref name="most"/> things.</summary>
    public T[] Several<T>(int most, Func<T> one)
    {
        var several = new T[Below(most + 1)];
        for (int i = 0; i < several.Length; i++) several[i] = one();
        return several;
    }

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
