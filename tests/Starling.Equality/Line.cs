using System.Runtime.InteropServices;
using Starling.Protocol.Hashing;

namespace Starling.Equality;

/// <summary>One computed thing and the hash of its bits. What computed it is no part of the name.</summary>
internal readonly record struct Line(string Name, string Hash)
{
    public static Line Of(string name, ReadOnlySpan<float> values) => Of(name, MemoryMarshal.AsBytes(values));

    public static Line Of(string name, ReadOnlySpan<byte> bytes) => new(name, Blake3.Hash(bytes).ToString());

    public override string ToString() => $"{Hash} {Name}";
}
