using Starling.Ledger.Answers;
using Starling.Ledger.Applying;
using Starling.Ledger.Records;
using Starling.Protocol.Hashing;
using Starling.Protocol.Merkle;

namespace Starling.Ledger.Disputes.Play;

/// <summary>
/// The referee below the trace. Levels: steps of an interval, values of a step, then nodes of the hash tree of the value
/// until a single chunk is left; or leaves of the first state; or an output. The index after the last of a list says
/// that the list has the wrong form, for values also that they do not make up the state claimed. Stateless: everything
/// stands in the position.
/// </summary>
public sealed class RefereeProgram : IRefereeProgram
{
    private readonly AnswerReferee _answers;

    private RefereeProgram() => _answers = new AnswerReferee(this);

    public static RefereeProgram Instance { get; } = new();

    public Ruling Post(TaskRecord task, DisputePosition position, ReadOnlySpan<Hash256> claims)
    {
        if (task.Answers is not null)
            return _answers.Post(task, position, claims);
        var path = new SearchPath(position, task.Current.Claim!);
        if (claims.IsEmpty || path.Mode == SearchMode.Form)
            return Ruling.Refuse(FailureCode.WrongMove);
        return Leads(path, claims)
            ? Ruling.Continue(position with { Claims = claims.ToArray() }, DisputeTurn.Challenger)
            : Ruling.Refuse(FailureCode.ClaimsMismatch);
    }

    public Ruling Choose(TaskRecord task, DisputePosition position, int index)
    {
        if (task.Answers is not null)
            return _answers.Choose(task, position, index);
        var path = new SearchPath(position, task.Current.Claim!);
        var claims = position.Claims;
        var isValues = path.Mode == SearchMode.Step && position.Level == 2;
        if (index < 0 || index > claims.Length)
            return Ruling.Refuse(FailureCode.IndexOutOfRange);
        if (position.Level == DisputePosition.MaxLevels)
            return Ruling.Refuse(FailureCode.WrongMove);
        var agreed = isValues ? MerkleTree.Root(claims)
            : path.Mode == SearchMode.Step && position.Level == 1 ? Before(position, index)
            : Hash256.Zero;
        var next = position.Descend(index, agreed, index < claims.Length ? claims[index] : Hash256.Zero);
        return Ruling.Continue(index == claims.Length ? next with { Claims = claims } : next, DisputeTurn.Defender);
    }

    public Ruling Open(TaskRecord task, DisputePosition position, ReadOnlySpan<byte> openings) =>
        task.Answers is null ? Judge.Decide(task, position, openings.ToArray()) : _answers.Open(task, position, openings);

    private static Hash256 Before(DisputePosition position, int step) =>
        step == 0 ? position.Agreed[0] : position.Claims[step - 1];

    /// <summary>Whether a list leads to the claim it stands under.</summary>
    private static bool Leads(SearchPath path, ReadOnlySpan<Hash256> claims)
    {
        var disputed = path.Position.Disputed[^1];
        return (path.Mode, path.Position.Level) switch
        {
            (SearchMode.Step, 1) => claims[^1] == disputed,
            (SearchMode.Step, 2) => true,
            (SearchMode.FirstState, 1) => MerkleTree.Root(claims) == disputed,
            _ => claims.Length <= HashNodes.Fanout && NodesLead(claims, disputed, path.ChunkPath.IsEmpty),
        };
    }

    private static bool NodesLead(ReadOnlySpan<Hash256> nodes, Hash256 disputed, bool isRoot) => nodes.Length == 1
        ? isRoot && nodes[0] == disputed
        : HashNodes.Combine(nodes, isRoot) == disputed;
}
