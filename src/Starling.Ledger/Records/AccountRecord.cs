using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Identity;

namespace Starling.Ledger.Records;

/// <summary>Free money of one key, and the nonce its next transaction must carry.</summary>
public sealed record AccountRecord(NodeId Id, Credits Credits, Tokens Tokens, ulong Nonce) : IRecord<AccountRecord>
{
    public static RecordType Type => RecordType.Account;

    /// <summary>
    /// When a closed account is forgotten: no transaction that used one of its nonces is valid any more by then, so
    /// none can be replayed. Null while it is in use.
    /// </summary>
    public Timestamp? Forget { get; init; }

    public static AccountRecord Read(FieldReader f) =>
        new(new NodeId(f.Hash(1)), f.Credits(2), f.Tokens(3), f.Unsigned(4)) { Forget = f.Has(5) ? f.Time(5) : null };

    public void Write(FieldWriter f)
    {
        f.Hash(1, Id.Key);
        f.Amount(2, Credits);
        f.Amount(3, Tokens);
        f.Unsigned(4, Nonce);
        if (Forget is { } forget)
            f.Time(5, forget);
    }
}
