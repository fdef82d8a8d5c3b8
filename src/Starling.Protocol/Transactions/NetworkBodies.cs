using Starling.Protocol.Encoding;
using Starling.Protocol.Genesis;
using Starling.Protocol.Hashing;

namespace Starling.Protocol.Transactions;

/// <summary>
/// The key that genesis names announces the rules from a height on, long enough before for everyone to leave. Another
/// announcement for the same height takes its place.
/// </summary>
public sealed record AnnounceRules(RuleChange Change) : TransactionBody<AnnounceRules>, IRecord<AnnounceRules>
{
    public static RecordType Type => RecordType.AnnounceRules;

    public static AnnounceRules Read(FieldReader f) => new(f.Nested<RuleChange>(1));

    public void Write(FieldWriter f) => f.Record(1, Change);
}

/// <summary>
/// The producer fixes its next chain of beacons: the header at <paramref name="Height"/> shows the preimage of
/// <paramref name="Tip"/>. Once announced it cannot be taken back, so that nobody chooses between two chains.
/// </summary>
public sealed record RenewBeacon(Hash256 Tip, ulong Height) : TransactionBody<RenewBeacon>, IRecord<RenewBeacon>
{
    public static RecordType Type => RecordType.RenewBeacon;

    public static RenewBeacon Read(FieldReader f) => new(f.Hash(1), f.Unsigned(2, long.MaxValue));

    public void Write(FieldWriter f)
    {
        f.Hash(1, Tip);
        f.Unsigned(2, Height);
    }
}
