using Starling.Protocol;
using Starling.Protocol.Encoding;

namespace Starling.Ledger.Records;

/// <summary>Stake on its way out: slashable until it is released.</summary>
public sealed record UnbondingEntry(Tokens Amount, Timestamp Release) : IRecord<UnbondingEntry>
{
    public static RecordType Type => RecordType.Unbonding;

    public static UnbondingEntry Read(FieldReader f) => new(f.Tokens(1), f.Time(2));

    public void Write(FieldWriter f)
    {
        f.Amount(1, Amount);
        f.Time(2, Release);
    }
}
