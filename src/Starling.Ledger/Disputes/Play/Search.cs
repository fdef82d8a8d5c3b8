using Starling.Arithmetic.Blueprints;
using Starling.Ledger.Records;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Disputes.Play;

/// <summary>
/// Reads a position: which lists were searched, how far, and which comes next. The way is trace, then steps of the interval,
/// values of the step, chunks of the value, parts of the chunk; or leaves of the first state, then chunks; or an output and its
/// chunks. An objection about values leads to the leaves of the state after the step. Of a step that is said not to be finite the
/// trace holds the values themselves.
/// </summary>
public sealed class Search
{
    private readonly List<Stage> _stages = [];

    public Search(DisputePosition position, ResultClaim claim)
    {
        (Position, Claim) = (position, claim);
        for (var level = 0; level < position.Level; level++)
            Take(position.Path[level], position.Lengths[level], position.Roots[level], position.Disputed[level]);
    }

    public DisputePosition Position { get; }

    public ResultClaim Claim { get; }

    /// <summary>The output in dispute; as many as there are when their number is.</summary>
    public int? Output { get; private set; }

    /// <summary>The list that was searched last.</summary>
    public Stage? Last => _stages.Count > 0 ? _stages[^1] : null;

    public Stage? this[StageKind kind] => _stages.Find(s => s.Kind == kind);

    /// <summary>Whether the dispute is about the first state.</summary>
    public bool IsFirstState => this[StageKind.Trace] is { IsItem: true, First: 0 };

    /// <summary>Whether the dispute is about the step that the result says is not finite.</summary>
    public bool IsFaultStep => Claim.Fault > 0 && this[StageKind.Trace] is { IsItem: true, First: > 0 } trace
        && trace.First == Claim.TraceLength - 1;

    /// <summary>The disputed interval, counted from 1.</summary>
    public int Interval => this[StageKind.Trace]!.First;

    /// <summary>The disputed step of the interval.</summary>
    public int Step => this[StageKind.Steps]!.First;

    /// <summary>The disputed step, counted from 0 within the task.</summary>
    public int StepOf(Blueprint blueprint) =>
        IsFaultStep ? Claim.Fault - 1 : checked(((Interval - 1) * blueprint.Interval) + Step);

    /// <summary>Steps of the disputed interval: the last one ends with the task, or with the step before the one that faults.</summary>
    public int StepsOf(Blueprint blueprint) => Math.Min(
        blueprint.Interval, (Claim.Fault > 0 ? Claim.Fault - 1 : blueprint.Steps) - ((Interval - 1) * blueprint.Interval));

    /// <summary>What is said about the step's values as a whole.</summary>
    public Objection AboutValues => this[StageKind.Values]?.Objection ?? Objection.None;

    /// <summary>The content id whose chunks are searched.</summary>
    public Hash256 Content => Output is { } output ? Claim.Outputs[output]
        : this[StageKind.Leaves] is { } leaf ? leaf.Disputed
        : this[StageKind.Values]!.Disputed;

    /// <summary>What comes next: the list whose nodes are searched further, a new one, or null when it is time to open.</summary>
    public StageKind? Next => Last switch
    {
        null => Output is null ? StageKind.Trace : HasChunks ? StageKind.Chunks : null,
        { IsOver: false } open => open.Kind,
        { IsItem: true, Kind: StageKind.Trace } =>
            IsFirstState ? StageKind.Leaves : IsFaultStep ? StageKind.Values : StageKind.Steps,
        { IsItem: true, Kind: StageKind.Steps } => StageKind.Values,
        { IsItem: true, Kind: StageKind.Values } => StageKind.Chunks,
        { Kind: StageKind.Values, Objection: Objection.State or Objection.NotFinite } when !IsFaultStep => StageKind.Leaves,
        { IsItem: true, Kind: StageKind.Leaves } => AboutValues == Objection.State ? null : StageKind.Chunks,
        { IsItem: true, Kind: StageKind.Chunks } => this[StageKind.Values] is { IsItem: true } ? StageKind.Parts : null,
        _ => null,
    };

    /// <summary>Whether the next list goes on with one that was begun.</summary>
    public bool Continues => Last is { IsOver: false };

    private bool HasChunks => Output < Claim.Outputs.Length;

    private void Take(int index, int length, Hash256 root, Hash256 disputed)
    {
        var next = Next ?? throw new InvalidOperationException("the search goes on after its end");
        var open = Continues ? Last! : new Stage(next, root, length, 0, length, default, Objection.None);
        var shown = length == 0 ? 0 : NodeLists.ListLength(open.Span);
        if (Continues)
            _stages.RemoveAt(_stages.Count - 1);
        if (index >= shown && next == StageKind.Trace)
        {
            Output = (int)(index - shown);
            return;
        }

        if (index >= shown)
        {
            _stages.Add(open with { Objection = (Objection)(index - shown + 1) });
            return;
        }

        var group = NodeLists.GroupOf(open.Span);
        var first = index * group;
        _stages.Add(open with
        {
            First = (int)(open.First + first),
            Span = (int)Math.Min(group, open.Span - first),
            Disputed = disputed,
        });
    }
}
