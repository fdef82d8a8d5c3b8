using Starling.Node.Contract;
using Starling.Programs.Tasks;
using Starling.Protocol;
using Starling.Protocol.Hashing;

namespace Starling.Node.Adversaries;

/// <summary>
/// An auditor that disputes whatever it is drawn for. Caught by the disputes, all of which it loses with their bonds:
/// only the ledger's own recomputation, or silence, convicts a result.
/// </summary>
public sealed class DisputingAuditor(IRole honest) : Adversary(honest)
{
    private protected override void Hear(Timestamp now, Input input, EffectList effects)
    {
        if (input is TaskEnded { Outcome: TaskOutcome.Completed { Claim: var claim } } ended)
            input = ended with
            {
                Outcome = new TaskOutcome.Completed(claim with { Trace = Blake3.Hash("wrong"u8), TraceLength = 1 }),
            };
        Pass(now, input);
    }
}
