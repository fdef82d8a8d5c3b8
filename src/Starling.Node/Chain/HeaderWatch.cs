using Starling.Node.Contract;
using Starling.Node.Messages;
using Starling.Protocol.Batches;
using Starling.Protocol.Encoding;
using Starling.Protocol.Identity;

namespace Starling.Node.Chain;

/// <summary>
/// Watches for two headers of one height. A producer that is proven to have signed both is believed no more, for ever: the
/// proof is stored and told to everybody, and each checks it for himself.
/// </summary>
internal sealed class HeaderWatch(NodeSettings settings)
{
    private const string Record = "equivocation";

    /// <summary>What the producer was caught at.</summary>
    public Equivocation? Proven { get; private set; }

    public void Restore(IReadOnlyDictionary<string, byte[]> records)
    {
        if (records.TryGetValue(Record, out var bytes))
            Proven = RecordCodec.Decode<Equivocation>(bytes);
    }

    /// <summary>A peer brought a header of a height that this node has another one of.</summary>
    public void Saw(SignedHeader mine, SignedHeader other, EffectList effects)
    {
        var proof = new Equivocation(mine, other);
        if (Proven is null && proof.Problem(settings.Genesis, settings.Scheme) is null)
            Keep(proof, effects);
    }

    /// <summary>A peer says that the producer did it.</summary>
    public void Told(NodeId from, Equivocation proof, EffectList effects)
    {
        if (Proven is not null)
            return;
        if (proof.Problem(settings.Genesis, settings.Scheme) is { } problem)
            effects.Add(new Penalise(from, $"an accusation that proves nothing: {problem}"));
        else
            Keep(proof, effects);
    }

    /// <summary>Tells a peer that may not know.</summary>
    public void Tell(NodeId peer, EffectList effects)
    {
        if (Proven is { } proof)
            effects.Add(new Send(peer, new ReportEquivocation(proof)));
    }

    private void Keep(Equivocation proof, EffectList effects)
    {
        Proven = proof;
        effects.Add(new StoreRecord(Record, RecordCodec.Encode(proof)));
        effects.Add(new Broadcast(new ReportEquivocation(proof)));
        effects.Tell("sequencer.equivocated", ("height", proof.Height), ("first", proof.First.Hash), ("second", proof.Second.Hash));
    }
}
