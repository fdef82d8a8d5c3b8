using Starling.Ledger.State;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Merkle;

namespace Starling.Ledger.Records;

/// <summary>
/// What left the state for good: a mountain range over the records of closed jobs, in the order in which they left. So
/// whoever kept such a record can still prove it under any later header.
/// </summary>
/// <param name="Count">Records in it.</param>
/// <param name="Peaks">Its peaks, as <see cref="MountainPeaks"/> has them.</param>
public sealed record ArchiveRecord(long Count, Hash256[] Peaks) : IRecord<ArchiveRecord>
{
    private const int MaxPeaks = 63;

    public static RecordType Type => RecordType.Archive;

    /// <summary>Of a network whose jobs all still have their records.</summary>
    public static ArchiveRecord Empty { get; } = new(0, []);

    public static ArchiveRecord Read(FieldReader f)
    {
        var record = new ArchiveRecord(f.Integer(1, 0), f.Hashes(2, MaxPeaks));
        return record.Peaks.Length == System.Numerics.BitOperations.PopCount((ulong)record.Count)
            ? record
            : throw f.Fail(2, $"{record.Count} entries do not have {record.Peaks.Length} peaks");
    }

    public void Write(FieldWriter f)
    {
        f.Integer(1, Count);
        f.Hashes(2, Peaks);
    }

    /// <summary>What stands for a record in the archive: the leaf that stood for it in the state.</summary>
    /// <param name="key">Where it stood.</param>
    /// <param name="value">The record as last encoded.</param>
    public static Hash256 Entry(StateKey key, ReadOnlySpan<byte> value) =>
        StateTree.LeafHash(key.Path(), StateProof.ValueHash(value));

    /// <summary>True when the record stands at an index of the archive.</summary>
    public bool Holds(long index, StateKey key, ReadOnlySpan<byte> value, MountainProof proof) =>
        MountainRange.Verify(new MountainPeaks(Count, Peaks).Root, Count, index, Entry(key, value), proof);
}
