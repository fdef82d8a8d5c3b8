using Starling.Arithmetic.Catalogue;
using Starling.Compute.Kernels;
using Starling.Ledger.Records;
using Starling.Node.Contract;
using Starling.Programs.Tasks;
using Starling.Proofs.Disputes;
using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;

namespace Starling.Node.Adversaries;

/// <summary>
/// Shows wrong results that it really computed, and defends them with what it computed for as long as the rules let it.
/// What it cannot lie about it does honestly. Each lie is a pure function of the task, so that a dispute finds it again.
/// </summary>
/// <param name="honest">The provider.</param>
/// <param name="dares">When it lies; null for always.</param>
public abstract class LyingProvider(IRole honest, Occasion.Test? dares) : Adversary(honest)
{
    private readonly HashSet<Hash256> _told = [];
    private BlobGathering? _blobs;

    private protected IBackend Backend { get; } = VectorBackend.Best();

    private BlobGathering Blobs => _blobs ??= new BlobGathering(GetType().Name);

    /// <summary>A wrong run of a task; null where this lie does not apply.</summary>
    private protected abstract TaskRun? Lie(TaskSpec spec, Func<Hash256, byte[]?> read);

    /// <summary>The run behind a lie, as a dispute asks for it; null where there is none but the honest one.</summary>
    private protected virtual IDisputeSide? Ran(TaskSpec spec, Func<Hash256, byte[]?> read) => null;

    /// <summary>Whether a task is worth reading its inputs for.</summary>
    private protected virtual bool AppliesTo(TaskSpec spec) => true;

    private protected override void Hear(Timestamp now, Input input, EffectList effects)
    {
        if (!Blobs.Take(now, input, effects))
            Pass(now, input);
    }

    private protected override void Say(Timestamp now, Effect effect, EffectList effects)
    {
        if (effect is RunTask { Purpose: RunPurpose.Work } run && AppliesTo(run.Spec) && Dares(run.Spec))
            Blobs.Begin(now, run.Spec.Inputs, effects, (then, blobs, said) => Tell(then, run, blobs, said));
        else if (effect is PlayMove { Dispute.Turn: DisputeTurn.Defender } play && _told.Contains(play.Claim.Root()))
            Blobs.Begin(now, play.Spec.Inputs, effects, (then, blobs, _) => Defend(then, play, blobs));
        else
            base.Say(now, effect, effects);
    }

    private protected TaskRun Execute(TaskSpec spec, Func<Hash256, byte[]?> read, IBackend? backend = null) =>
        TaskPrograms.Execute(
            spec, Array.ConvertAll(spec.Inputs, i => (ReadOnlyMemory<byte>)read(i)!), new TaskContext(backend ?? Backend));

    private bool Dares(TaskSpec spec)
    {
        if (dares is null)
            return true;
        var content = ContentId.Of(RecordCodec.Encode(spec)).Hash;
        var task = Node.State.Leases.InOrder().SelectMany(l => l.Tasks).Select(t => Node.State.Tasks.Find(t)!)
            .FirstOrDefault(t => t.Issue.Spec == content);
        return task is not null && dares(Node.State, task);
    }

    private void Tell(Timestamp now, RunTask run, IReadOnlyDictionary<Hash256, byte[]> blobs, EffectList effects)
    {
        if (!run.Spec.Inputs.All(blobs.ContainsKey)
            || Lie(run.Spec, blobs.GetValueOrDefault) is not { Outcome: TaskOutcome.Completed completed } lie)
        {
            effects.Add(run);
            return;
        }

        _told.Add(completed.Claim.Root());
        foreach (var output in lie.Outputs)
            effects.Add(new PutBlob(output));
        Pass(now, new TaskEnded(run.Run, completed));
    }

    private void Defend(Timestamp now, PlayMove play, IReadOnlyDictionary<Hash256, byte[]> blobs)
    {
        try
        {
            using var side = SideOf(play, blobs.GetValueOrDefault);
            Pass(now, side is null
                ? new MoveReady(play.Run, null, "nothing can be said for this lie")
                : new MoveReady(play.Run, Defender.Move(side, play.Claim, play.Dispute), null));
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or IndexOutOfRangeException or KeyNotFoundException)
        {
            // What it ran has not what the question is about: a liar without an answer falls silent.
            Pass(now, new MoveReady(play.Run, null, e.Message));
        }
    }

    private MaskedSide? SideOf(PlayMove play, Func<Hash256, byte[]?> read)
    {
        if (ReplayedSide.Open(play.Spec, read, Backend, out _) is not { } task)
            return null;
        var outputs = Lie(play.Spec, read)?.Outputs ?? [];
        var shown = play.Claim.Outputs.Zip(outputs).DistinctBy(o => o.First).ToDictionary(o => o.First, o => o.Second);
        return new MaskedSide(Ran(play.Spec, read) ?? task, task, play.Claim.Outputs, shown);
    }
}
