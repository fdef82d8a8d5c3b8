using Starling.Arithmetic.Catalogue;
using Starling.Ledger.Records;
using Starling.Node.Contract;
using Starling.Programs.Tasks;
using Starling.Proofs.Disputes;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;

namespace Starling.Node.Disputing;

/// <summary>Plays either side honestly. One per thread: a back end serves one call at a time.</summary>
public sealed class DisputePlayer(IBackend backend) : IDisputePlayer
{
    public DisputeMove Play(TaskSpec spec, ResultClaim claim, DisputeRecord dispute, Func<Hash256, byte[]?> read)
    {
        var step = DisputePlay.Next(spec, claim, dispute, read, backend);
        return new DisputeMove(step.Body, step.Problem);
    }
}
