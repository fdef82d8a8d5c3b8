using Starling.Protocol.Encoding;
using Starling.Protocol.Genesis;
using Starling.Protocol.Identity;

namespace Starling.Protocol.Batches;

/// <summary>
/// Two headers of one height that one producer signed: the proof that it told different logs to different readers. It needs
/// nothing beside the genesis record, and an honest producer can never be shown one.
/// </summary>
public sealed record Equivocation(SignedHeader First, SignedHeader Second) : IRecord<Equivocation>
{
    public static RecordType Type => RecordType.Equivocation;

    public ulong Height => First.Header.Height;

    public static Equivocation Read(FieldReader f) => new(f.Nested<SignedHeader>(1), f.Nested<SignedHeader>(2));

    public void Write(FieldWriter f)
    {
        f.Record(1, First);
        f.Record(2, Second);
    }

    /// <summary>Why this proves nothing; null when it does.</summary>
    public string? Problem(GenesisRecord genesis, ISignatureScheme scheme)
    {
        var (a, b) = (First.Header, Second.Header);
        var chain = genesis.ChainId();
        if (a.Chain != chain || b.Chain != chain)
            return "the headers are of another chain";
        if (a.Height != b.Height)
            return $"the headers are of two heights, {a.Height} and {b.Height}";
        if (First.Hash == Second.Hash)
            return "the headers are one and the same";
        if (a.Producer != genesis.Producer || b.Producer != genesis.Producer)
            return "the headers are not both of the producer that genesis names";
        return First.Verify(scheme) && Second.Verify(scheme) ? null : "a signature does not hold";
    }
}
