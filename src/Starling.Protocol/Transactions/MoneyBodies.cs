using Starling.Protocol.Encoding;
using Starling.Protocol.Identity;

namespace Starling.Protocol.Transactions;

/// <summary>The two assets by number. Values are consensus.</summary>
public enum AssetKind
{
    Credit = 1,
    Token = 2,
}

/// <summary>Moves an amount (millionths) from the sender to another account.</summary>
public sealed record Transfer(NodeId To, AssetKind Asset, ulong Micro) : TransactionBody<Transfer>, IRecord<Transfer>
{
    public static RecordType Type => RecordType.Transfer;

    public static Transfer Read(FieldReader f) =>
        new(new NodeId(f.Hash(1)), (AssetKind)f.Int32(2, 1, 2), f.Unsigned(3));

    public void Write(FieldWriter f)
    {
        f.Hash(1, To.Key);
        f.Integer(2, (int)Asset);
        f.Unsigned(3, Micro);
    }
}

/// <summary>Makes new units. Allowed only to the keys that genesis names as minters, if it names any.</summary>
public sealed record Mint(NodeId To, AssetKind Asset, ulong Micro) : TransactionBody<Mint>, IRecord<Mint>
{
    public static RecordType Type => RecordType.Mint;

    public static Mint Read(FieldReader f) => new(new NodeId(f.Hash(1)), (AssetKind)f.Int32(2, 1, 2), f.Unsigned(3));

    public void Write(FieldWriter f)
    {
        f.Hash(1, To.Key);
        f.Integer(2, (int)Asset);
        f.Unsigned(3, Micro);
    }
}

/// <summary>
/// Gives all of the sender's free money to another account and forgets the sender's, once every transaction that it
/// may have signed has expired. The only way to get rid of less than the smallest balance.
/// </summary>
public sealed record CloseAccount(NodeId To) : TransactionBody<CloseAccount>, IRecord<CloseAccount>
{
    public static RecordType Type => RecordType.CloseAccount;

    public static CloseAccount Read(FieldReader f) => new(new NodeId(f.Hash(1)));

    public void Write(FieldWriter f) => f.Hash(1, To.Key);
}
