using System.Buffers.Binary;
using Starling.Ledger.Disputes;
using Starling.Ledger.Disputes.Play;
using Starling.Node.Outbox;
using Starling.Protocol.Genesis;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Node.Chain;

/// <summary>What every role is built with.</summary>
/// <param name="Genesis">The network.</param>
/// <param name="Signer">The node's own key.</param>
/// <param name="Scheme">Verifies the signatures of others.</param>
/// <param name="Sequencer">Orders the log.</param>
/// <param name="Secret">32 random bytes made once and kept by the driver: salts and seeds follow from it.</param>
public sealed record NodeSettings(
    GenesisRecord Genesis, ISigner Signer, ISignatureScheme Scheme, NodeId Sequencer, Hash256 Secret)
{
    public NodeId Self => Signer.Id;

    /// <summary>Decides disputes inside the ledger: the same on every node of a network.</summary>
    public IRefereeProgram? Referee { get; init; } = RefereeProgram.Instance;

    public OutboxSettings Outbox { get; init; } = new();

    /// <summary>Milliseconds without news after which a follower asks for the next batch.</summary>
    public int PollMs { get; init; } = 1_000;

    /// <summary>Milliseconds before a blob that no holder gave is asked for again.</summary>
    public int FetchRetryMs { get; init; } = 1_000;

    /// <summary>Batches from one snapshot of the state to the next; 0 for none.</summary>
    public int SnapshotEvery { get; init; }

    /// <summary>Batches sent for one request.</summary>
    public int BatchesPerRequest { get; init; } = 128;

    /// <summary>A secret for one purpose: nobody can tell it from another's.</summary>
    public Hash256 Derive(string purpose, Hash256 subject = default, long number = 0)
    {
        Span<byte> bytes = stackalloc byte[(2 * Hash256.Size) + sizeof(long)];
        Secret.CopyTo(bytes);
        subject.CopyTo(bytes[Hash256.Size..]);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[(2 * Hash256.Size)..], number);
        return Blake3.Hash($"node secret {purpose}", bytes);
    }
}
