using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Ledger.Records;

/// <summary>
/// One enrolled auditor. The seed of epoch e is link e - <paramref name="TipEpoch"/> of the hash chain that ends in
/// <paramref name="Tip"/>; the tip moves to each seed as it is shown.
/// </summary>
/// <param name="Id">The auditor.</param>
/// <param name="Tip">The last link shown.</param>
/// <param name="TipEpoch">The epoch whose seed the tip is.</param>
/// <param name="Bond">Tokens locked for auditing.</param>
/// <param name="OpenEpochs">Epochs that still expect its verdicts.</param>
/// <param name="Missed">Epochs in a row that it did not reveal.</param>
/// <param name="Leaving">True once it asked to leave: it is in no new epoch.</param>
public sealed record AuditorRecord(
    NodeId Id, Hash256 Tip, ulong TipEpoch, Tokens Bond, int OpenEpochs, int Missed, bool Leaving)
    : IRecord<AuditorRecord>
{
    public static RecordType Type => RecordType.Auditor;

    public static AuditorRecord Read(FieldReader f) => new(
        new NodeId(f.Hash(1)), f.Hash(2), f.Unsigned(3), f.Tokens(4), f.Int32(5), f.Int32(6), f.Boolean(7));

    public void Write(FieldWriter f)
    {
        f.Hash(1, Id.Key);
        f.Hash(2, Tip);
        f.Unsigned(3, TipEpoch);
        f.Amount(4, Bond);
        f.Integer(5, OpenEpochs);
        f.Integer(6, Missed);
        f.Boolean(7, Leaving);
    }
}
