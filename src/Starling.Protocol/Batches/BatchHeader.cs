using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Protocol.Batches;

/// <summary>
/// Head of one batch of the log. Heights start at 1; genesis is height 0. <paramref name="State"/> is the state root
/// after this batch; <paramref name="History"/> the mountain-range root of all earlier header hashes, so one header
/// proves any earlier one; <paramref name="Beacon"/> the next preimage of the producer's hash chain.
/// </summary>
public sealed record BatchHeader(
    ChainId Chain,
    ulong Height,
    Hash256 Previous,
    Timestamp Time,
    Hash256 Transactions,
    Hash256 State,
    Hash256 History,
    Hash256 Beacon,
    NodeId Producer) : IRecord<BatchHeader>
{
    public static RecordType Type => RecordType.BatchHeader;

    public static BatchHeader Read(FieldReader f) => new(
        new ChainId(f.Hash(1)), f.Unsigned(2, long.MaxValue), f.Hash(3), new Timestamp(f.Integer(4)), f.Hash(5),
        f.Hash(6), f.Hash(7), f.Hash(8), new NodeId(f.Hash(9)));

    public void Write(FieldWriter f)
    {
        f.Hash(1, Chain.Hash);
        f.Unsigned(2, Height);
        f.Hash(3, Previous);
        f.Integer(4, Time.Milliseconds);
        f.Hash(5, Transactions);
        f.Hash(6, State);
        f.Hash(7, History);
        f.Hash(8, Beacon);
        f.Hash(9, Producer.Key);
    }
}
