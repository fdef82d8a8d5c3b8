using Starling.Node.Contract;
using Starling.Programs.Tasks;
using Starling.Protocol;
using Starling.Protocol.Hashing;

namespace Starling.Node.Adversaries;

/// <summary>
/// Computes honestly, commits and shows the claim, and gives nobody the bytes: it never keeps them. Auditors that are
/// drawn recompute the bytes and hand them on; where none is drawn, whoever asks for chunks in the log makes it lose.
/// </summary>
public sealed class WithholdsData(IRole honest) : Adversary(honest)
{
    private readonly BlobGathering _blobs = new(nameof(WithholdsData));

    private protected override void Hear(Timestamp now, Input input, EffectList effects)
    {
        if (!_blobs.Take(now, input, effects))
            Pass(now, input);
    }

    private protected override void Say(Timestamp now, Effect effect, EffectList effects)
    {
        if (effect is RunTask { Purpose: RunPurpose.Work } run)
            _blobs.Begin(now, run.Spec.Inputs, effects, (then, blobs, said) => Run(then, run, blobs, said));
        else
            effects.Add(effect);
    }

    private void Run(Timestamp now, RunTask run, IReadOnlyDictionary<Hash256, byte[]> blobs, EffectList effects)
    {
        if (!run.Spec.Inputs.All(blobs.ContainsKey))
        {
            effects.Add(run);
            return;
        }

        var inputs = Array.ConvertAll(run.Spec.Inputs, i => (ReadOnlyMemory<byte>)blobs[i]);
        var ended = TaskPrograms.Execute(run.Spec, inputs, new TaskContext(Compute.Kernels.VectorBackend.Best()));
        Pass(now, new TaskEnded(run.Run, ended.Outcome));
    }
}
