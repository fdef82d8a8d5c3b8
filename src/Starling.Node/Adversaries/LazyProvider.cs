using Starling.Node.Contract;
using Starling.Programs.Tasks;
using Starling.Protocol;
using Starling.Protocol.Transactions;

namespace Starling.Node.Adversaries;

/// <summary>Skips the work: shows its task's inputs as if they were the outputs. Tasks without inputs it does.</summary>
public sealed class LazyProvider(IRole honest) : Adversary(honest)
{
    private protected override void Say(Timestamp now, Effect effect, EffectList effects)
    {
        if (effect is RunTask { Spec.Inputs: { Length: > 0 } inputs } run)
            Pass(now, new TaskEnded(run.Run, new TaskOutcome.Completed(new ResultClaim(inputs, inputs[0], 1))));
        else
            effects.Add(effect);
    }
}
