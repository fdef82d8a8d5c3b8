using Starling.Protocol.Encoding;
using Starling.Protocol.Money;

namespace Starling.Ledger.Records;

/// <summary>Amounts in state records: unsigned millionths. The supply limit keeps every one within 64 bits.</summary>
internal static class AmountFields
{
    public static void Amount<TAsset>(this FieldWriter f, int key, Amount<TAsset> amount)
        where TAsset : IAsset => f.Unsigned(key, checked((ulong)amount.Micro));

    public static Credits Credits(this FieldReader f, int key) => new(f.Unsigned(key));

    public static Tokens Tokens(this FieldReader f, int key) => new(f.Unsigned(key));

    /// <summary>128 bits in two fields: the high half at the key, the low half at the next.</summary>
    public static void Wide(this FieldWriter f, int key, UInt128 value)
    {
        f.Unsigned(key, (ulong)(value >> 64));
        f.Unsigned(key + 1, (ulong)(value & ulong.MaxValue));
    }

    public static UInt128 Wide(this FieldReader f, int key) => new(f.Unsigned(key), f.Unsigned(key + 1));

    public static void Time(this FieldWriter f, int key, Protocol.Timestamp time) => f.Integer(key, time.Milliseconds);

    public static Protocol.Timestamp Time(this FieldReader f, int key) => new(f.Integer(key));
}
