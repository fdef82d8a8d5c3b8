using System.Buffers.Binary;
using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Ledger.Records;

/// <summary>Names a draw: its epoch and its place in it.</summary>
public readonly record struct DrawId(ulong Epoch, int Index)
{
    internal Hash256 Key()
    {
        Span<byte> bytes = stackalloc byte[Hash256.Size];
        bytes.Clear();
        BinaryPrimitives.WriteUInt64BigEndian(bytes[16..], Epoch);
        BinaryPrimitives.WriteInt32BigEndian(bytes[28..], Index);
        return new Hash256(bytes);
    }

    internal static DrawId Of(Hash256 key)
    {
        Span<byte> bytes = stackalloc byte[Hash256.Size];
        key.CopyTo(bytes);
        return new(BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]), BinaryPrimitives.ReadInt32BigEndian(bytes[28..]));
    }
}

/// <summary>One attempt in an epoch: all that decides, with an auditor's seed, whether that auditor must check it.</summary>
/// <param name="Epoch">The epoch.</param>
/// <param name="Index">Its place in the epoch, in order of commitment.</param>
/// <param name="Task">The task.</param>
/// <param name="Attempt">Number of the attempt.</param>
/// <param name="Worker">Who committed: it never audits itself.</param>
/// <param name="Height">Height b of the commitment; the beacon is that of b + 2.</param>
/// <param name="Ppm">The chance that any auditor is drawn.</param>
/// <param name="Required">True when every auditor must check it.</param>
/// <param name="Beacon">Null until batch b + 2.</param>
public sealed record DrawRecord(
    ulong Epoch, int Index, TaskId Task, int Attempt, NodeId Worker, ulong Height, ulong Ppm, bool Required,
    Hash256? Beacon) : IRecord<DrawRecord>
{
    public static RecordType Type => RecordType.Draw;

    public DrawId Id => new(Epoch, Index);

    public static DrawRecord Read(FieldReader f) => new(
        f.Unsigned(1), f.Int32(2), new TaskId(f.Hash(3)), f.Int32(4), new NodeId(f.Hash(5)), f.Unsigned(6),
        f.Unsigned(7), f.Boolean(8), f.OptionalHash(9));

    public void Write(FieldWriter f)
    {
        f.Unsigned(1, Epoch);
        f.Integer(2, Index);
        f.Hash(3, Task.Hash);
        f.Integer(4, Attempt);
        f.Hash(5, Worker.Key);
        f.Unsigned(6, Height);
        f.Unsigned(7, Ppm);
        f.Boolean(8, Required);
        f.OptionalHash(9, Beacon);
    }
}
