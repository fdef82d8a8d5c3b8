using Starling.Protocol;
using Starling.Protocol.Hashing;

namespace Starling.Ledger.State;

/// <summary>Something that time alone brings about, in the order in which the ledger handles it.</summary>
internal readonly record struct Wake(Timestamp At, TableId Table, Hash256 Id) : IComparable<Wake>
{
    public int CompareTo(Wake other)
    {
        var order = At.CompareTo(other.At);
        // As numbers: an enum compares itself through two boxes.
        if (order == 0) order = ((byte)Table).CompareTo((byte)other.Table);
        return order == 0 ? Id.CompareTo(other.Id) : order;
    }
}
