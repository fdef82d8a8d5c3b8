using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Disputes.Play;

/// <summary>Everything a referee needs for the last question of a dispute. What the question does not need is left empty.</summary>
/// <param name="Blueprint">The task's blueprint as encoded.</param>
/// <param name="Spec">The task's specification as encoded: it names the inputs.</param>
/// <param name="Node">The encoded leaf of the graph's tree for the disputed value.</param>
/// <param name="NodePath">Its Merkle path.</param>
/// <param name="Claims">Items of lists that the ledger keeps by their roots: values of a step, leaves of a state.</param>
/// <param name="Pieces">Opened chunks, in the order in which the referee asks for them.</param>
/// <param name="Metrics">The metrics blob.</param>
/// <param name="Left">What the part before the disputed one left.</param>
public sealed record DisputeOpening(
    byte[] Blueprint,
    byte[] Spec,
    byte[] Node,
    Hash256[] NodePath,
    OpenedClaim[] Claims,
    OpenedPiece[] Pieces,
    byte[] Metrics,
    byte[] Left) : IRecord<DisputeOpening>
{
    private const int MaxPath = 64;
    private const int MaxClaims = 256;
    private const int MaxPieces = 1_024;
    private const int MaxLeft = 1 << 17;

    /// <summary>Leaf and chunk that hold a number that is not finite.</summary>
    public long[] Witness { get; init; } = [];

    public static RecordType Type => RecordType.DisputeOpening;

    public static DisputeOpening Read(FieldReader f) => new(
        f.Bytes(1, Limits.TransactionBytes), f.Bytes(2, Limits.TransactionBytes), f.Bytes(3, Limits.TransactionBytes),
        f.Hashes(4, MaxPath), f.Records<OpenedClaim>(5, MaxClaims), f.Records<OpenedPiece>(6, MaxPieces),
        f.Bytes(7, Limits.TransactionBytes), f.Bytes(8, MaxLeft))
    {
        Witness = f.Has(9) ? f.List(9, 2, static r => r.Integer()) : [],
    };

    public void Write(FieldWriter f)
    {
        f.Bytes(1, Blueprint);
        f.Bytes(2, Spec);
        f.Bytes(3, Node);
        f.Hashes(4, NodePath);
        f.Records(5, Claims);
        f.Records(6, Pieces);
        f.Bytes(7, Metrics);
        f.Bytes(8, Left);
        if (Witness.Length > 0)
            f.List(9, Witness, static (w, i) => w.Integer(i));
    }
}
