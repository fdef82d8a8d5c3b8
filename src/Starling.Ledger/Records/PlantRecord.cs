using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;

namespace Starling.Ledger.Records;

/// <summary>A planted error that is hidden still.</summary>
/// <param name="Commitment">Names it.</param>
/// <param name="Height">Of its registration: its task is given to someone only later.</param>
/// <param name="Reserved">Of the pool, for whoever finds it.</param>
/// <param name="Due">When it must be shown.</param>
public sealed record PlantRecord(Hash256 Commitment, ulong Height, Credits Reserved, Timestamp Due) : IRecord<PlantRecord>
{
    public static RecordType Type => RecordType.Plant;

    public static PlantRecord Read(FieldReader f) => new(f.Hash(1), f.Unsigned(2), f.Credits(3), f.Time(4));

    public void Write(FieldWriter f)
    {
        f.Hash(1, Commitment);
        f.Unsigned(2, Height);
        f.Amount(3, Reserved);
        f.Time(4, Due);
    }
}

/// <summary>The pool of planted errors and their count: how many there were, and what became of them.</summary>
/// <param name="Pool">What is not reserved.</param>
/// <param name="Planted">Registered ever.</param>
/// <param name="Found">Shown, and found by somebody.</param>
/// <param name="Missed">Shown, and found by nobody.</param>
/// <param name="Lapsed">Not shown in time.</param>
public sealed record SentinelsRecord(Credits Pool, ulong Planted, ulong Found, ulong Missed, ulong Lapsed)
    : IRecord<SentinelsRecord>
{
    public static RecordType Type => RecordType.Sentinels;

    /// <summary>Where none was ever funded.</summary>
    public static SentinelsRecord Empty { get; } = new(Credits.Zero, 0, 0, 0, 0);

    public static SentinelsRecord Read(FieldReader f) =>
        new(f.Credits(1), f.Unsigned(2), f.Unsigned(3), f.Unsigned(4), f.Unsigned(5));

    public void Write(FieldWriter f)
    {
        f.Amount(1, Pool);
        f.Unsigned(2, Planted);
        f.Unsigned(3, Found);
        f.Unsigned(4, Missed);
        f.Unsigned(5, Lapsed);
    }
}
