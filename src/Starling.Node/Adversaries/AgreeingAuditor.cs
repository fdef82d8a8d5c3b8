using Starling.Ledger.Records;
using Starling.Node.Contract;
using Starling.Programs.Tasks;
using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;

namespace Starling.Node.Adversaries;

/// <summary>
/// An auditor that agrees without computing, with everybody, or only with its friends (auditors colluding with a worker).
/// Caught when another auditor finds what it agreed with: it loses the fee and the stake for a verdict it owed.
/// </summary>
/// <param name="honest">The auditor.</param>
/// <param name="friends">Whose results it does not look at; null for everybody's.</param>
public sealed class AgreeingAuditor(IRole honest, IReadOnlySet<Protocol.Identity.NodeId>? friends = null) : Adversary(honest)
{
    private protected override void Say(Timestamp now, Effect effect, EffectList effects)
    {
        if (effect is RunTask { Purpose: RunPurpose.Audit } run && Find(run.Spec) is { Claim: { } claim } attempt
            && friends?.Contains(attempt.Provider) != false)
            Pass(now, new TaskEnded(run.Run, new TaskOutcome.Completed(claim)));
        else
            effects.Add(effect);
    }

    private AttemptRecord? Find(TaskSpec spec)
    {
        var content = ContentId.Of(RecordCodec.Encode(spec)).Hash;
        return Node.State.Tasks.InOrder().LastOrDefault(t => t.Issue.Spec == content && t.Result is not null)?.Current;
    }
}
